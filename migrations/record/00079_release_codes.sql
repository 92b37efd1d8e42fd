-- +goose Up
-- Who typed a signature that was given by telephone; '' for one given in person.
ALTER TABLE release_signatures ADD COLUMN entered_by TEXT NOT NULL DEFAULT '';
ALTER TABLE release_signatures ADD COLUMN entered_name TEXT NOT NULL DEFAULT '';

-- Codes with which a person signs by telephone, each once.
CREATE TABLE release_code_lists (
	account_id TEXT   PRIMARY KEY REFERENCES accounts (id),
	made_at    BIGINT NOT NULL,  -- microseconds since 1970 UTC
	tries      BIGINT NOT NULL   -- wrong ones
);
CREATE TABLE release_codes (
	account_id TEXT   NOT NULL REFERENCES accounts (id),
	position   BIGINT NOT NULL,  -- 1 to 10
	mac        BYTEA  NOT NULL,  -- of the code, under a key outside the database
	used_at    BIGINT NOT NULL,  -- microseconds; 0 until it is used
	PRIMARY KEY (account_id, position)
);

-- +goose Down
SELECT 1;
