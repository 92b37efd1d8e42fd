-- +goose Up
-- Everything here is public. Nothing counts, times or orders what was not
-- released: keys are text, and the numbers in ordinal and id follow from the
-- releases alone, the lowest free one first.

-- The state that readers see.
CREATE TABLE edition (
	name   TEXT   PRIMARY KEY CHECK (name = 'current'),
	number BIGINT NOT NULL,  -- of the last release, 0 before the first
	day    TEXT   NOT NULL,  -- of that release, 2026-02-03, UTC; '' before the first
	form   BIGINT NOT NULL,  -- the rules by which it was folded
	fold   BIGINT NOT NULL   -- how often folding again gave something else
) WITHOUT ROWID;
INSERT INTO edition (name, number, day, form, fold) VALUES ('current', 0, '', 0, 0);

-- The documents that are public now.
CREATE TABLE documents (
	kind    TEXT   NOT NULL,  -- series, organisation, round, output
	slug    TEXT   NOT NULL,
	version BIGINT NOT NULL,  -- from 1
	number  BIGINT NOT NULL,  -- of the release that brought this version
	day     TEXT   NOT NULL,  -- of that release
	hash    TEXT   NOT NULL,  -- SHA-256 of body, hex
	body    BLOB   NOT NULL,  -- canonical JSON
	PRIMARY KEY (kind, slug)
) WITHOUT ROWID;

-- All versions of what is public, or left with a notice. A redaction or a
-- notice empties note and hash and takes the text away.
CREATE TABLE versions (
	kind    TEXT   NOT NULL,
	slug    TEXT   NOT NULL,
	version BIGINT NOT NULL,
	number  BIGINT NOT NULL,
	day     TEXT   NOT NULL,
	change  TEXT   NOT NULL,  -- released, redacted, amended, restored
	note    TEXT   NOT NULL,
	hash    TEXT   NOT NULL,
	body    BLOB,             -- of an earlier version that amendments left readable
	PRIMARY KEY (kind, slug, version)
) WITHOUT ROWID;
CREATE INDEX versions_newest ON versions (number DESC, kind, slug, version);

-- What stands at the address of a document or an observation that left.
CREATE TABLE notices (
	kind    TEXT   NOT NULL,  -- of a document, or observation
	slug    TEXT   NOT NULL,
	notice  TEXT   NOT NULL,  -- suspended, withdrawn
	reason  TEXT   NOT NULL,
	number  BIGINT NOT NULL,
	day     TEXT   NOT NULL,
	version BIGINT NOT NULL,  -- the last one; 0 for an observation
	output  TEXT   NOT NULL,  -- of an observation, else ''
	PRIMARY KEY (kind, slug)
) WITHOUT ROWID;
CREATE INDEX notices_output ON notices (output);
CREATE INDEX notices_newest ON notices (number DESC, kind, slug);

CREATE TABLE rounds (
	slug         TEXT   PRIMARY KEY,
	ordinal      BIGINT NOT NULL UNIQUE,  -- its bit in facets
	opened       TEXT   NOT NULL,         -- the day or bound it is sorted by, ISO cut to its precision, '' if none
	series       TEXT   NOT NULL,
	year         BIGINT NOT NULL,         -- 0 if none is public
	title        TEXT   NOT NULL,
	observations BIGINT NOT NULL          -- in all its outputs
) WITHOUT ROWID;
CREATE INDEX rounds_newest ON rounds (opened DESC, slug, ordinal, observations);

CREATE TABLE outputs (
	slug         TEXT   PRIMARY KEY,
	round        TEXT   NOT NULL,  -- '' for a text about the series
	series       TEXT   NOT NULL,
	dated        TEXT   NOT NULL,  -- the date it bears, ISO cut to its precision, '' if none
	observations BIGINT NOT NULL,
	account      BIGINT NOT NULL   -- 1: others published it
) WITHOUT ROWID;
CREATE INDEX outputs_round ON outputs (round, series);

CREATE TABLE observations (
	slug   TEXT   PRIMARY KEY,
	output TEXT   NOT NULL,
	number BIGINT NOT NULL,
	round  TEXT   NOT NULL,  -- '' for a text about the series
	opened TEXT   NOT NULL   -- of the round, else the date of the output
) WITHOUT ROWID;
CREATE INDEX observations_newest ON observations (opened DESC, round, output, number, slug);
CREATE INDEX observations_output ON observations (output);
CREATE INDEX observations_round ON observations (round);

-- Bodies and categories that a document discloses.
CREATE TABLE organisations (
	slug     TEXT   PRIMARY KEY,
	sort_key TEXT   NOT NULL,  -- name, folded
	parent   TEXT   NOT NULL,  -- slug, '' if none
	own      BIGINT NOT NULL,  -- 1: it has a document of its own
	entry    TEXT   NOT NULL   -- JSON of an organisation: that document, or what rounds say
) WITHOUT ROWID;
CREATE INDEX organisations_name ON organisations (sort_key, slug);
CREATE INDEX organisations_parent ON organisations (parent);

-- Which rounds a choice selects.
CREATE TABLE facets (
	facet  TEXT NOT NULL,  -- agency, series, country, topic, year
	value  TEXT NOT NULL,
	name   TEXT NOT NULL,
	rounds BLOB NOT NULL,  -- ordinals, a roaring bitmap that is never empty
	PRIMARY KEY (facet, value)
) WITHOUT ROWID;

-- What can be found by words.
CREATE TABLE entries (
	id     BIGINT PRIMARY KEY,  -- its bit in terms
	kind   TEXT   NOT NULL,     -- of a document, observation or topic
	slug   TEXT   NOT NULL,
	opened TEXT   NOT NULL,     -- sorted by it, the greatest first; '~' for names
	UNIQUE (kind, slug)
) WITHOUT ROWID;
CREATE INDEX entries_newest ON entries (opened DESC, kind, slug, id);

-- Which entries hold a word: folded and stemmed, or two characters of a script
-- without spaces, or "=" with a whole name.
CREATE TABLE terms (
	term    TEXT PRIMARY KEY,
	entries BLOB NOT NULL  -- ids, a roaring bitmap that is never empty
) WITHOUT ROWID;

-- Which ordinals and ids are taken.
CREATE TABLE ordinals (
	space TEXT PRIMARY KEY,  -- rounds, entries
	taken BLOB NOT NULL      -- a roaring bitmap
) WITHOUT ROWID;
