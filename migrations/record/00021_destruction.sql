-- +goose Up
-- When the notes of a series' rounds are due to be destroyed.
CREATE TABLE retentions (
	series_id TEXT   PRIMARY KEY REFERENCES series (id),
	rule      TEXT   NOT NULL,  -- days, release, never
	days      BIGINT NOT NULL,
	set_by    TEXT   NOT NULL,
	set_at    BIGINT NOT NULL
);

-- What may not be destroyed for now, and why.
CREATE TABLE holds (
	id       TEXT   PRIMARY KEY,
	round_id TEXT   NOT NULL REFERENCES rounds (id),
	reason   TEXT   NOT NULL,
	until    TEXT   NOT NULL,  -- the last day, '' for none
	set_by   TEXT   NOT NULL,
	set_at   BIGINT NOT NULL,
	ended_by TEXT   NOT NULL,
	ended_at BIGINT NOT NULL,
	ended_why TEXT  NOT NULL
);
CREATE INDEX holds_round_id ON holds (round_id);

-- Notes that are to be destroyed, and those that are. At most one of a round is
-- proposed or confirmed at a time.
CREATE TABLE destructions (
	id           TEXT   PRIMARY KEY,
	round_id     TEXT   NOT NULL REFERENCES rounds (id),
	state        TEXT   NOT NULL,  -- proposed, refused, confirmed, done
	reason       TEXT   NOT NULL,
	proposed_by  TEXT   NOT NULL,
	proposed_name TEXT  NOT NULL,
	proposed_at  BIGINT NOT NULL,
	answered_by  TEXT   NOT NULL,
	answered_name TEXT  NOT NULL,
	answered_at  BIGINT NOT NULL,
	keysets      TEXT   NOT NULL,  -- JSON list of the ids that go, '' before it is confirmed
	certificate  TEXT   NOT NULL   -- signed JSON, '' before it is done
);
CREATE INDEX destructions_round_id ON destructions (round_id);

-- Which version of a text a release was made of.
CREATE TABLE release_drafts (
	release_id TEXT   NOT NULL REFERENCES releases (id),
	output_id  TEXT   NOT NULL,
	number     BIGINT NOT NULL,
	PRIMARY KEY (release_id, output_id)
);
CREATE INDEX release_drafts_output ON release_drafts (output_id, number);
INSERT INTO release_drafts (release_id, output_id, number)
	SELECT d.release_id, o.id, o.newest FROM release_documents d JOIN outputs o ON o.id = d.object_id WHERE d.kind = 'output';

-- +goose Down
SELECT 1;
