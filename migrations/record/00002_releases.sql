-- +goose Up
-- Batches of frozen documents on their way to the public, and the log of what
-- was delivered. Instants are microseconds since 1970 UTC, 0 for not yet.

CREATE TABLE releases (
	id            TEXT   PRIMARY KEY,  -- 26 characters
	kind          TEXT   NOT NULL,     -- release, correction, suspension, withdrawal, restoration
	state         TEXT   NOT NULL,     -- frozen, signed, countersigned, due, released, cancelled, refused
	title         TEXT   NOT NULL,     -- in the words that would be released
	imported      BIGINT NOT NULL,     -- 0, 1
	note          TEXT   NOT NULL,
	amendment     BIGINT NOT NULL,     -- 0, 1
	hash          TEXT   NOT NULL,     -- of the batch, hex
	documents     BIGINT NOT NULL,     -- how many are put
	edits_to      BIGINT NOT NULL,     -- audit number of the last edit before it was frozen
	prepared_by   TEXT   NOT NULL,
	prepared_name TEXT   NOT NULL,
	prepared_at   BIGINT NOT NULL,
	queued        BIGINT NOT NULL,     -- order of the second signatures, 0 before
	number        BIGINT NOT NULL,     -- of delivery, 0 before
	numbered_at   BIGINT NOT NULL,     -- the instant in the envelope
	delivered     BIGINT NOT NULL,     -- 0, 1
	log_mac       BYTEA,               -- of its entry in the release log and of the one before
	cancelled_by  TEXT   NOT NULL,
	cancelled_name TEXT  NOT NULL,
	cancelled_at  BIGINT NOT NULL,
	cancel_reason TEXT   NOT NULL      -- stays in the record
);
CREATE INDEX releases_state ON releases (state, prepared_at);
CREATE INDEX releases_number ON releases (number);

CREATE TABLE release_series (
	release_id TEXT NOT NULL REFERENCES releases (id),
	series_id  TEXT NOT NULL,
	PRIMARY KEY (release_id, series_id)
);
CREATE INDEX release_series_series ON release_series (series_id);

CREATE TABLE release_documents (
	release_id    TEXT   NOT NULL REFERENCES releases (id),
	position      BIGINT NOT NULL,  -- from 1, in the order of the batch's hash
	kind          TEXT   NOT NULL,
	slug          TEXT   NOT NULL,
	hash          TEXT   NOT NULL,  -- SHA-256 of body, hex
	body          BYTEA  NOT NULL,  -- canonical JSON, as signed
	object_id     TEXT   NOT NULL,  -- what it was made of
	base          TEXT   NOT NULL,  -- release that last acted on the document when this was frozen, '' for none
	within        TEXT   NOT NULL,  -- slug of the round or series it is not public without
	within_series BIGINT NOT NULL,  -- 1: within is a series
	names         TEXT   NOT NULL,  -- JSON list: slugs of organisations it names
	observations  TEXT   NOT NULL,  -- JSON list: their ids, slugs and numbers
	PRIMARY KEY (release_id, position)
);
CREATE UNIQUE INDEX release_documents_slug ON release_documents (kind, slug, release_id);
CREATE INDEX release_documents_object ON release_documents (object_id);

CREATE TABLE release_drops (
	release_id TEXT   NOT NULL REFERENCES releases (id),
	position   BIGINT NOT NULL,
	kind       TEXT   NOT NULL,
	slug       TEXT   NOT NULL,
	notice     TEXT   NOT NULL,  -- suspended, withdrawn
	reason     TEXT   NOT NULL,
	object_id  TEXT   NOT NULL,
	PRIMARY KEY (release_id, position)
);
CREATE INDEX release_drops_slug ON release_drops (kind, slug);

-- Record objects whose values stand in a release. Edits of them with an audit
-- number above since, up to the release's edits_to, are contributions to it.
CREATE TABLE release_subjects (
	release_id TEXT   NOT NULL REFERENCES releases (id),
	object_id  TEXT   NOT NULL,
	since      BIGINT NOT NULL,
	PRIMARY KEY (release_id, object_id)
);
CREATE INDEX release_subjects_object ON release_subjects (object_id);

CREATE TABLE release_signatures (
	release_id TEXT   NOT NULL REFERENCES releases (id),
	position   BIGINT NOT NULL,  -- 1 asks, 2 countersigns
	account_id TEXT   NOT NULL,
	name       TEXT   NOT NULL,
	signed_at  BIGINT NOT NULL,
	mac        BYTEA  NOT NULL,  -- over release, hash, account, position and instant
	PRIMARY KEY (release_id, position)
);

-- Public addresses, from the second signature on. They are never given to
-- another object.
CREATE TABLE release_slugs (
	kind       TEXT   NOT NULL,  -- of a document, or observation
	slug       TEXT   NOT NULL,
	object_id  TEXT   NOT NULL,
	output_id  TEXT   NOT NULL,  -- of an observation
	number     BIGINT NOT NULL,  -- of an observation, within its output
	PRIMARY KEY (kind, slug)
);
CREATE UNIQUE INDEX release_slugs_object ON release_slugs (object_id, kind);
CREATE INDEX release_slugs_output ON release_slugs (output_id);

-- What every numbered release did to the public: exactly its envelope.
CREATE TABLE release_log (
	number     BIGINT NOT NULL,
	position   BIGINT NOT NULL,  -- from 1
	kind       TEXT   NOT NULL,
	slug       TEXT   NOT NULL,
	document_of TEXT  NOT NULL,  -- release whose document is put; '' for a drop
	document   BIGINT NOT NULL,  -- its position there
	notice     TEXT   NOT NULL,  -- of a drop
	reason     TEXT   NOT NULL,
	PRIMARY KEY (number, position)
);

-- Every document that was ever delivered, as it stands after the last number.
CREATE TABLE release_state (
	kind          TEXT   NOT NULL,
	slug          TEXT   NOT NULL,
	object_id     TEXT   NOT NULL,
	release_id    TEXT   NOT NULL,  -- of the version that stands
	document      BIGINT NOT NULL,  -- its position there
	changed_by    TEXT   NOT NULL,  -- release that last put it or took it away by itself
	notice        TEXT   NOT NULL,  -- '', or why it was taken away by itself
	reason        TEXT   NOT NULL,
	present       BIGINT NOT NULL,  -- 1: the public can read it
	shown         TEXT   NOT NULL,  -- the notice at its address while it is absent
	within        TEXT   NOT NULL,
	within_series BIGINT NOT NULL,
	disclosed     BIGINT NOT NULL,  -- of an organisation or series: how many present rounds name it
	PRIMARY KEY (kind, slug)
);
CREATE INDEX release_state_object ON release_state (object_id);
CREATE INDEX release_state_within ON release_state (within);

-- Which organisations the documents of organisations and series name.
CREATE TABLE release_names (
	kind  TEXT NOT NULL,
	slug  TEXT NOT NULL,
	named TEXT NOT NULL,
	PRIMARY KEY (kind, slug, named)
);
CREATE INDEX release_names_named ON release_names (named);
