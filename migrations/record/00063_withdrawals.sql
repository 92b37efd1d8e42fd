-- +goose Up
-- Who cleared the sentence that the public reads of a withdrawal. Sealed with
-- the round, or else the series, of what was withdrawn.
CREATE TABLE withdrawal_reasons (
	release_id TEXT  PRIMARY KEY REFERENCES releases (id),
	round_id   TEXT  NOT NULL,
	series_id  TEXT  NOT NULL,
	sealed     BYTEA NOT NULL
);

-- Copies elsewhere of what a release took away, and how far they were chased.
-- Sealed with the series, since they are chased also after the notes of the round
-- were destroyed; open stands in clear so that they can be counted.
CREATE TABLE outside_copies (
	id         TEXT   PRIMARY KEY,
	release_id TEXT   NOT NULL REFERENCES releases (id),
	series_id  TEXT   NOT NULL,
	version    BIGINT NOT NULL,
	open       BIGINT NOT NULL,  -- 0, 1
	sealed     BYTEA  NOT NULL
);
CREATE INDEX outside_copies_release_id ON outside_copies (release_id);

-- +goose Down
SELECT 1;
