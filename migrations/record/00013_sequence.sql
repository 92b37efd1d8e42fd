-- +goose Up
-- The next number of a round in its series is found by look-up.

CREATE INDEX rounds_sequence ON rounds (series_id, sequence);

-- +goose Down
SELECT 1;
