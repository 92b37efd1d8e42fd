-- +goose Up
-- What an interchange file holds and the tables of the record do not.

-- Which id an entry has in files, and what only the file says of it.
CREATE TABLE exchange_ids (
	kind        TEXT   NOT NULL,  -- series, organisations, people, rounds, participations, notes, phrase_clearances, published, public_sources, allow_list
	external_id TEXT   NOT NULL,
	object_id   TEXT   NOT NULL,
	position    BIGINT NOT NULL,  -- in files, within the kind
	mac         TEXT   NOT NULL,  -- of the line as it came last, keyed outside the database
	version     BIGINT NOT NULL,  -- of the entry as the import left it
	kept        TEXT   NOT NULL,  -- JSON
	PRIMARY KEY (kind, external_id)
);
CREATE UNIQUE INDEX exchange_ids_object_id ON exchange_ids (object_id, kind);

-- The date on which embargoes are judged; one row, or none before an import.
CREATE TABLE exchange_as_of (
	as_of TEXT PRIMARY KEY
);

-- What was said, by whom, when and in which session, is sealed under the round's
-- keyset; so is the quote of a phrase that its speaker released.
CREATE TABLE notes (
	id       TEXT  PRIMARY KEY,
	round_id TEXT  NOT NULL REFERENCES rounds (id),
	sealed   BYTEA NOT NULL
);
CREATE INDEX notes_round_id ON notes (round_id, id);

CREATE TABLE phrase_clearances (
	id       TEXT  PRIMARY KEY,
	note_id  TEXT  NOT NULL REFERENCES notes (id),
	round_id TEXT  NOT NULL REFERENCES rounds (id),
	sealed   BYTEA NOT NULL
);
CREATE INDEX phrase_clearances_note_id ON phrase_clearances (note_id);

-- Texts that anyone can read: the check knows them, the public store does not.
CREATE TABLE known_texts (
	id           TEXT   PRIMARY KEY,
	own          BIGINT NOT NULL,  -- 1: released by the house
	round_id     TEXT   NOT NULL,  -- '' for none
	title        TEXT   NOT NULL,
	published_on TEXT   NOT NULL,
	body         TEXT   NOT NULL
);

-- What a text may hold though it looks like something confidential.
CREATE TABLE allow_list (
	id     TEXT PRIMARY KEY,
	kind   TEXT NOT NULL,          -- name, organisation, phrase, date, venue
	value  TEXT NOT NULL,
	scope  TEXT NOT NULL,          -- everywhere, public_role
	reason TEXT NOT NULL
);

-- +goose Down
SELECT 1;
