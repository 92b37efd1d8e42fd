-- +goose Up
-- People are the house's; at which rounds they were is the series'.

CREATE TABLE people (
	id           TEXT   PRIMARY KEY,
	given        TEXT   NOT NULL,
	family       TEXT   NOT NULL,
	family_first BIGINT NOT NULL,
	sort_key     TEXT   NOT NULL,     -- family and given name, folded
	honorific    TEXT   NOT NULL,
	native       TEXT   NOT NULL,
	aliases      TEXT   NOT NULL,
	country      TEXT   NOT NULL,     -- ISO 3166 code
	sample       BIGINT NOT NULL,
	version      BIGINT NOT NULL
);
CREATE INDEX people_sort_key ON people (sort_key, id);

CREATE TABLE person_names (
	person_id TEXT NOT NULL REFERENCES people (id),
	folded    TEXT NOT NULL,          -- any of the names, folded for search, cut to 1,000 bytes
	PRIMARY KEY (person_id, folded)
);

CREATE TABLE participations (
	id          TEXT   PRIMARY KEY,
	round_id    TEXT   NOT NULL REFERENCES rounds (id),
	code        TEXT   NOT NULL,      -- K2
	person_id   TEXT   NOT NULL,      -- '' for somebody who is not recorded
	presence_id TEXT   NOT NULL,      -- the badge
	sealed      BYTEA  NOT NULL,      -- the true affiliation, under the series' keyset; empty for none
	side_id     TEXT   NOT NULL,
	capacity    TEXT   NOT NULL,
	post        TEXT   NOT NULL,
	head        BIGINT NOT NULL,
	state       TEXT   NOT NULL,
	session_ids TEXT   NOT NULL,
	clearances  TEXT   NOT NULL,      -- of name, affiliation and attribution
	requested   BIGINT NOT NULL,      -- how many of them wait for an answer
	version     BIGINT NOT NULL
);
CREATE UNIQUE INDEX participations_code ON participations (round_id, code);
CREATE INDEX participations_person_id ON participations (person_id, round_id);
CREATE INDEX participations_presence_id ON participations (presence_id);
CREATE INDEX participations_requested ON participations (round_id) WHERE requested > 0;

-- The last number given under a letter, so that none is given twice.
CREATE TABLE participation_codes (
	round_id TEXT   NOT NULL REFERENCES rounds (id),
	letter   TEXT   NOT NULL,
	last     BIGINT NOT NULL,
	PRIMARY KEY (round_id, letter)
);

CREATE TABLE round_sessions (
	id            TEXT   PRIMARY KEY,
	round_id      TEXT   NOT NULL REFERENCES rounds (id),
	position      BIGINT NOT NULL,
	title         TEXT   NOT NULL,
	held_on       TEXT   NOT NULL,
	starts        TEXT   NOT NULL,    -- 09:30, local
	ends          TEXT   NOT NULL,
	questions     TEXT   NOT NULL,
	chair_ids     TEXT   NOT NULL,    -- participations
	presenter_ids TEXT   NOT NULL,
	version       BIGINT NOT NULL
);
CREATE INDEX round_sessions_round_id ON round_sessions (round_id, position);

-- +goose Down
SELECT 1;
