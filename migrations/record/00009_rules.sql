-- +goose Up
-- Ground rules that hold for a part of a round, and that they were read out.
-- Moments are local to the round's place: 2026-03-25T09:30, '' for none.

CREATE TABLE rule_changes (
	id         TEXT   PRIMARY KEY,
	round_id   TEXT   NOT NULL REFERENCES rounds (id),
	session_id TEXT   NOT NULL,      -- '' for the round from begins on
	begins     TEXT   NOT NULL,      -- '' for the start of the session
	ends       TEXT   NOT NULL,      -- '' for its end, or the round's
	rules      TEXT   NOT NULL,
	asked_by   TEXT   NOT NULL,
	version    BIGINT NOT NULL
);
CREATE INDEX rule_changes_round_id ON rule_changes (round_id);
CREATE INDEX rule_changes_session_id ON rule_changes (session_id) WHERE session_id <> '';

CREATE TABLE read_outs (
	id          TEXT   PRIMARY KEY,
	round_id    TEXT   NOT NULL REFERENCES rounds (id),
	read_at     TEXT   NOT NULL,
	read_by     TEXT   NOT NULL,     -- in words
	number      BIGINT NOT NULL,     -- version of the card
	code        TEXT   NOT NULL,     -- its text code
	card        TEXT   NOT NULL,     -- its words
	objections  TEXT   NOT NULL,
	late        TEXT   NOT NULL,
	recorded_by TEXT   NOT NULL,
	recorded_name TEXT NOT NULL,
	recorded_at BIGINT NOT NULL,
	version     BIGINT NOT NULL
);
CREATE INDEX read_outs_round_id ON read_outs (round_id, read_at);

-- Every card that a round's rules made, in order.
CREATE TABLE rule_cards (
	round_id TEXT   NOT NULL REFERENCES rounds (id),
	number   BIGINT NOT NULL,        -- 1, 2, 3 ...
	code     TEXT   NOT NULL,
	PRIMARY KEY (round_id, number)
);

-- Rules that became looser after they were read out, and what each side said.
CREATE TABLE rule_loosenings (
	id          TEXT   PRIMARY KEY,
	round_id    TEXT   NOT NULL REFERENCES rounds (id),
	aspects     TEXT   NOT NULL,
	consent     TEXT   NOT NULL,     -- by side
	recorded_by TEXT   NOT NULL,
	recorded_name TEXT NOT NULL,
	recorded_at BIGINT NOT NULL
);
CREATE INDEX rule_loosenings_round_id ON rule_loosenings (round_id, recorded_at);

-- +goose Down
SELECT 1;
