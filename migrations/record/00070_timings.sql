-- +goose Up
-- When a release may be delivered. No part of what is signed. A release without
-- a row is not delivered.
CREATE TABLE timings (
	release_id    TEXT   PRIMARY KEY REFERENCES releases (id),
	series_id     TEXT   NOT NULL,
	choice        TEXT   NOT NULL,  -- at_once, at, after_event
	queued_at     BIGINT NOT NULL,  -- microseconds, of the second signature; 0 until then
	due_at        BIGINT NOT NULL,  -- microseconds since 1970 UTC; 0 unless choice is at
	zone          TEXT   NOT NULL,  -- IANA, of the place; '' unless choice is at
	happened_at   BIGINT NOT NULL,  -- microseconds; 0 until somebody says that the event happened
	happened_by   TEXT   NOT NULL,
	happened_name TEXT   NOT NULL,
	forward_at    BIGINT NOT NULL,  -- microseconds; 0 unless a signer brought it forward
	forward_by    TEXT   NOT NULL,
	forward_name  TEXT   NOT NULL,
	held          TEXT   NOT NULL,  -- '', person, clock
	held_at       BIGINT NOT NULL,
	held_by       TEXT   NOT NULL,
	held_name     TEXT   NOT NULL,
	trouble       TEXT   NOT NULL,  -- kind of the error that delivery met last, '' for none
	sealed        BYTEA  NOT NULL   -- the event, reasons, what the counterpart published: under the series' keyset
);

-- What was signed before there was a choice goes at once.
INSERT INTO timings SELECT id, '', 'at_once', 0, 0, '', 0, '', '', 0, '', '', '', 0, '', '', '', ''
	FROM releases WHERE state IN ('signed', 'countersigned', 'due');

-- The latest instant that the program saw, so that a clock that jumps is noticed.
CREATE TABLE clock_seen (
	id   BIGINT PRIMARY KEY,  -- 1
	seen BIGINT NOT NULL      -- microseconds since 1970 UTC
);

-- +goose Down
SELECT 1;
