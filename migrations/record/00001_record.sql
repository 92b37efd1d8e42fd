-- +goose Up
-- Conventions of every table: ids are 26 random characters; instants are
-- microseconds since 1970 UTC; dates are ISO text cut to their precision;
-- booleans are 0 or 1; lists are JSON; "" is none.

CREATE TABLE accounts (
	id       TEXT   PRIMARY KEY,
	email    TEXT   NOT NULL UNIQUE, -- lower case
	name     TEXT   NOT NULL,
	password TEXT   NOT NULL,        -- argon2id with its parameters and salt
	disabled BIGINT NOT NULL
);

CREATE TABLE grants (
	account_id TEXT NOT NULL REFERENCES accounts (id),
	role       TEXT NOT NULL,
	series_id  TEXT NOT NULL,        -- '*' for all
	PRIMARY KEY (account_id, role, series_id)
);

CREATE TABLE sessions (
	token      TEXT   PRIMARY KEY,   -- hash of the cookie's token
	data       BYTEA  NOT NULL,
	expires_at BIGINT NOT NULL
);
CREATE INDEX sessions_expires_at ON sessions (expires_at);

CREATE TABLE audit (
	number BIGINT PRIMARY KEY,       -- 1, 2, 3 ...
	bytes  BYTEA  NOT NULL,          -- the entry as written, JSON
	link   BYTEA  NOT NULL           -- HMAC over the link before and the bytes
);

CREATE TABLE edits (
	object_id    TEXT   NOT NULL,
	actor_id     TEXT   NOT NULL,
	act          TEXT   NOT NULL,
	at           BIGINT NOT NULL,
	audit_number BIGINT NOT NULL,
	PRIMARY KEY (object_id, audit_number)
);

CREATE TABLE series (
	id           TEXT   PRIMARY KEY,
	name         TEXT   NOT NULL,
	sort_key     TEXT   NOT NULL,    -- the name, folded
	other_names  TEXT   NOT NULL,
	track        TEXT   NOT NULL,
	sides        TEXT   NOT NULL,
	convener_ids TEXT   NOT NULL,
	sources      TEXT   NOT NULL,
	compiled     BIGINT NOT NULL,
	sample       BIGINT NOT NULL,
	slug_wish    TEXT   NOT NULL,
	version      BIGINT NOT NULL
);

CREATE TABLE organisations (
	id             TEXT   PRIMARY KEY,
	name           TEXT   NOT NULL,
	sort_key       TEXT   NOT NULL,  -- the name, folded
	acronym        TEXT   NOT NULL,
	native         TEXT   NOT NULL,
	aliases        TEXT   NOT NULL,
	kind           TEXT   NOT NULL,
	country        TEXT   NOT NULL,  -- ISO 3166 code
	parent_id      TEXT   NOT NULL,
	at_least_three BIGINT NOT NULL,
	sources        TEXT   NOT NULL,
	compiled       BIGINT NOT NULL,
	sample         BIGINT NOT NULL,
	slug_wish      TEXT   NOT NULL,
	version        BIGINT NOT NULL
);
CREATE INDEX organisations_sort_key ON organisations (sort_key, id);
CREATE INDEX organisations_parent_id ON organisations (parent_id);

CREATE TABLE organisation_names (
	organisation_id TEXT NOT NULL REFERENCES organisations (id),
	folded          TEXT NOT NULL,   -- any of its names, folded for search, cut to 1,000 bytes
	alias           BIGINT NOT NULL,
	PRIMARY KEY (organisation_id, folded)
);

CREATE TABLE rounds (
	id             TEXT   PRIMARY KEY,
	series_id      TEXT   NOT NULL REFERENCES series (id),
	sequence       BIGINT NOT NULL,
	ordinal_label  TEXT   NOT NULL,
	internal_title TEXT   NOT NULL,
	state          TEXT   NOT NULL,
	opens          TEXT   NOT NULL,
	closes         TEXT   NOT NULL,
	not_before     TEXT   NOT NULL,
	not_after      TEXT   NOT NULL,
	sort_on        TEXT   NOT NULL,  -- the first of the dates that is known
	city           TEXT   NOT NULL,
	country        TEXT   NOT NULL,
	venue          TEXT   NOT NULL,
	format         TEXT   NOT NULL,
	track          TEXT   NOT NULL,
	topics         TEXT   NOT NULL,
	summary        TEXT   NOT NULL,
	rules          TEXT   NOT NULL,
	sources        TEXT   NOT NULL,
	compiled       BIGINT NOT NULL,
	sample         BIGINT NOT NULL,
	slug_wish      TEXT   NOT NULL,
	open_key       TEXT   NOT NULL,  -- folded words that every reader of the round may search
	full_key       TEXT   NOT NULL,  -- folded words for those who read all of it
	version        BIGINT NOT NULL
);
CREATE INDEX rounds_sort_on ON rounds (sort_on, id);
CREATE INDEX rounds_series_id ON rounds (series_id, sort_on, id);

CREATE TABLE presences (
	id                 TEXT   PRIMARY KEY,
	round_id           TEXT   NOT NULL REFERENCES rounds (id),
	position           BIGINT NOT NULL,
	organisation_id    TEXT   NOT NULL, -- '' with words
	words              TEXT   NOT NULL,
	side_id            TEXT   NOT NULL,
	track              TEXT   NOT NULL,
	role               TEXT   NOT NULL,
	label              TEXT   NOT NULL, -- '' withheld
	category_id        TEXT   NOT NULL,
	attends_through_id TEXT   NOT NULL,
	disclosed          TEXT   NOT NULL
);
CREATE INDEX presences_round_id ON presences (round_id, position);
CREATE INDEX presences_organisation_id ON presences (organisation_id, round_id);
CREATE INDEX presences_attends_through_id ON presences (attends_through_id, round_id) WHERE attends_through_id <> '';
CREATE INDEX presences_category_id ON presences (category_id, round_id) WHERE category_id <> '';

CREATE TABLE outputs (
	id         TEXT   PRIMARY KEY,
	series_id  TEXT   NOT NULL REFERENCES series (id),
	round_id   TEXT   NOT NULL,         -- '' for a text about the series
	kind       TEXT   NOT NULL,
	external   BIGINT NOT NULL,
	compiled   BIGINT NOT NULL,
	sample     BIGINT NOT NULL,
	slug_wish  TEXT   NOT NULL,
	created_by TEXT   NOT NULL,
	newest     BIGINT NOT NULL,         -- number of the newest draft
	saved_at   BIGINT NOT NULL          -- when it was saved
);
CREATE INDEX outputs_saved_at ON outputs (saved_at, id);
CREATE INDEX outputs_round_id ON outputs (round_id, id);
CREATE INDEX outputs_series_id ON outputs (series_id, saved_at);

CREATE TABLE drafts (
	output_id    TEXT   NOT NULL REFERENCES outputs (id),
	number       BIGINT NOT NULL,
	author_id    TEXT   NOT NULL,
	saved_at     BIGINT NOT NULL,
	title        TEXT   NOT NULL,
	lang         TEXT   NOT NULL,
	body         TEXT   NOT NULL,
	observations TEXT   NOT NULL,
	authors      TEXT   NOT NULL,
	outlet       TEXT   NOT NULL,
	date         TEXT   NOT NULL,
	url          TEXT   NOT NULL,
	citation     TEXT   NOT NULL,
	PRIMARY KEY (output_id, number)
);

-- +goose Down
SELECT 1;
