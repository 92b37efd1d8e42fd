-- +goose Up
-- Notes as they are taken: who says what is sealed, where it belongs is not.
ALTER TABLE notes ADD COLUMN session_id TEXT NOT NULL DEFAULT '';
ALTER TABLE notes ADD COLUMN taker_id TEXT NOT NULL DEFAULT '';
ALTER TABLE notes ADD COLUMN position BIGINT NOT NULL DEFAULT 0;  -- order of arrival within the round
ALTER TABLE notes ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
CREATE INDEX notes_session_id ON notes (session_id, position);

-- Sessions of which there are notes that are no longer open.
CREATE TABLE sealed_notes (
	session_id TEXT   PRIMARY KEY,
	round_id   TEXT   NOT NULL REFERENCES rounds (id),
	sealed_at  BIGINT NOT NULL,
	sealed_by  TEXT   NOT NULL
);

-- Who takes the notes of which session.
CREATE TABLE note_takers (
	session_id TEXT   NOT NULL,
	account_id TEXT   NOT NULL REFERENCES accounts (id),
	round_id   TEXT   NOT NULL REFERENCES rounds (id),
	reason     TEXT   NOT NULL,
	until      TEXT   NOT NULL,  -- the last day, '' for none
	given_by   TEXT   NOT NULL,
	given_at   BIGINT NOT NULL,
	PRIMARY KEY (session_id, account_id)
);
CREATE INDEX note_takers_account_id ON note_takers (account_id);

-- Who read the notes of a round on which day: one entry of the audit log each.
CREATE TABLE note_readings (
	account_id TEXT NOT NULL,
	round_id   TEXT NOT NULL,
	day        TEXT NOT NULL,
	PRIMARY KEY (account_id, round_id, day)
);

-- Under which key a note-taker's browser keeps lines that were not sent yet:
-- sealed under the round's keyset, so that it goes with the notes.
CREATE TABLE line_keys (
	session_id TEXT  NOT NULL,
	account_id TEXT  NOT NULL REFERENCES accounts (id),
	round_id   TEXT  NOT NULL REFERENCES rounds (id),
	sealed     BYTEA NOT NULL,
	PRIMARY KEY (session_id, account_id)
);

-- +goose Down
SELECT 1;
