-- +goose Up
-- One-time links with which a party answers. Of the link and of the code that
-- opens it the record holds keyed sums.
CREATE TABLE reply_links (
	id        TEXT   PRIMARY KEY,
	asking_id TEXT   NOT NULL UNIQUE,  -- the last one made
	output_id TEXT   NOT NULL,
	made_by   TEXT   NOT NULL,  -- account
	made_name TEXT   NOT NULL,
	made_at   BIGINT NOT NULL,  -- microseconds since 1970 UTC
	ends_at   BIGINT NOT NULL,
	ended     TEXT   NOT NULL,  -- '', answered, revoked, spent
	tries     BIGINT NOT NULL,  -- wrong codes
	token_mac BYTEA  NOT NULL UNIQUE,
	code_mac  BYTEA  NOT NULL
);

-- +goose Down
SELECT 1;
