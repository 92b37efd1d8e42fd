-- +goose Up
-- Imports from tables. What stands in a table, what somebody decided about it
-- and what became of it is sealed under the keyset of the series.

CREATE TABLE intakes (
	id         TEXT   PRIMARY KEY,
	owner_id   TEXT   NOT NULL REFERENCES accounts (id),
	series_id  TEXT   NOT NULL REFERENCES series (id),
	round_id   TEXT   NOT NULL,  -- of which round its rows are; '' if they say so themselves
	kind       TEXT   NOT NULL,  -- participants, organisations, rounds, outputs
	state      TEXT   NOT NULL,  -- open, done, undone
	started_at BIGINT NOT NULL,
	done_at    BIGINT NOT NULL,  -- 0 before
	title      BYTEA  NOT NULL,  -- the file's name, sealed
	source     BYTEA  NOT NULL,  -- the file as it came, sealed; empty once it is in
	rows       BYTEA  NOT NULL,  -- the table that was read from it, sealed
	work       BYTEA  NOT NULL,  -- what its columns are and what was decided, sealed
	result     BYTEA  NOT NULL,  -- what went in, sealed
	version    BIGINT NOT NULL
);
CREATE INDEX intakes_owner_id ON intakes (owner_id, started_at);

-- What became of each row that went in, so that the same row is one entry
-- however often it comes.
CREATE TABLE intake_rows (
	series_id TEXT NOT NULL,
	kind      TEXT NOT NULL,
	mac       TEXT NOT NULL,     -- of the row, keyed outside the database
	object_id TEXT NOT NULL,
	intake_id TEXT NOT NULL REFERENCES intakes (id),
	PRIMARY KEY (series_id, kind, mac)
);
CREATE INDEX intake_rows_intake_id ON intake_rows (intake_id);
CREATE INDEX intake_rows_object_id ON intake_rows (object_id);

-- +goose Down
SELECT 1;
