-- +goose Up
-- What a person reads out follows from the text code and a key outside the
-- database; of a row of their list only its use is kept.
ALTER TABLE release_codes DROP COLUMN mac;

-- +goose Down
SELECT 1;
