-- +goose Up
-- What became of each line that was ever imported, so that the same line is
-- one entry however often it comes.

CREATE TABLE imports (
	kind      TEXT NOT NULL,  -- series, organisation, round
	slug      TEXT NOT NULL,  -- the line's id
	digest    TEXT NOT NULL,  -- SHA-256 of the line, hex
	object_id TEXT NOT NULL,
	PRIMARY KEY (kind, slug)
);
CREATE INDEX imports_object_id ON imports (object_id);

-- +goose Down
SELECT 1;
