-- +goose Up
-- What readers asked to correct or to remove. Sealed with the series; number and
-- due stand in clear for lists. The entry is known by its public address.
CREATE TABLE correction_requests (
	id        TEXT   PRIMARY KEY,
	number    BIGINT NOT NULL,  -- six digits, drawn, as the reader is told it
	series_id TEXT   NOT NULL,
	kind      TEXT   NOT NULL,  -- of the document: round, output, series
	slug      TEXT   NOT NULL,
	due       TEXT   NOT NULL,  -- ISO date
	open      BIGINT NOT NULL,  -- 0, 1
	version   BIGINT NOT NULL,
	sealed    BYTEA  NOT NULL
);
CREATE UNIQUE INDEX correction_requests_number ON correction_requests (number);
CREATE INDEX correction_requests_open ON correction_requests (open, due);

-- +goose Down
SELECT 1;
