-- +goose Up
-- What people say of a text or of a passage of it, and the words that they
-- suggest. Sealed with the text; settled stands in clear so that open ones can
-- be counted.
CREATE TABLE draft_comments (
	id        TEXT   PRIMARY KEY,
	output_id TEXT   NOT NULL REFERENCES outputs (id),
	round_id  TEXT   NOT NULL,
	settled   BIGINT NOT NULL,
	sealed    BYTEA  NOT NULL
);
CREATE INDEX draft_comments_output_id ON draft_comments (output_id);

-- +goose Down
SELECT 1;
