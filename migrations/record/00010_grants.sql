-- +goose Up
-- A grant is kept for good: proposed, given, refused or revoked. Those from
-- before were given by the command line; their ids are made of the account's
-- random letters and of their place among its grants.

ALTER TABLE accounts ADD COLUMN outside BIGINT NOT NULL DEFAULT 0;    -- somebody who is not of the house
ALTER TABLE accounts ADD COLUMN made_by TEXT NOT NULL DEFAULT '';     -- account id; '' the command line
ALTER TABLE accounts ADD COLUMN quiet_keys BIGINT NOT NULL DEFAULT 0; -- single letters are no shortcuts

CREATE TABLE grants_before AS SELECT account_id, role, series_id FROM grants;
DROP TABLE grants;

CREATE TABLE grants (
	id          TEXT   PRIMARY KEY,
	account_id  TEXT   NOT NULL REFERENCES accounts (id),
	role        TEXT   NOT NULL,
	series_id   TEXT   NOT NULL, -- '*' for all
	reason      TEXT   NOT NULL,
	until       TEXT   NOT NULL, -- ISO date, the last day in UTC; '' for no end
	state       TEXT   NOT NULL, -- only 'given' opens anything
	proposed_by TEXT   NOT NULL, -- account id; '' if nobody proposed it
	proposed_at BIGINT NOT NULL,
	given_by    TEXT   NOT NULL, -- account id, or 'operator'
	given_at    BIGINT NOT NULL,
	ended_by    TEXT   NOT NULL, -- who refused or revoked it
	ended_at    BIGINT NOT NULL,
	ended_why   TEXT   NOT NULL
);
CREATE INDEX grants_account_id ON grants (account_id);
CREATE INDEX grants_series_id ON grants (series_id);

INSERT INTO grants (id, account_id, role, series_id, reason, until, state, proposed_by, proposed_at, given_by, given_at, ended_by, ended_at, ended_why)
SELECT
	substr('abcdefghijklmnopqrstuvwxyz234567', 1 + (place / 32), 1) || substr('abcdefghijklmnopqrstuvwxyz234567', 1 + (place % 32), 1) || substr(account_id, 3),
	account_id, role, series_id, 'Given by the command line', '', 'given', '', 0, 'operator', 0, '', 0, ''
FROM (
	SELECT account_id, role, series_id, CAST(row_number() OVER (PARTITION BY account_id ORDER BY role, series_id) AS INTEGER) AS place FROM grants_before
) AS placed;

DROP TABLE grants_before;

-- +goose Down
SELECT 1;
