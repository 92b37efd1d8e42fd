-- +goose Up
-- Of a presence or participation that became a true affiliation the history is
-- sealed as well, also what it was before.
INSERT INTO chores (name) SELECT 'seal history' WHERE EXISTS (SELECT 1 FROM history WHERE kind IN ('presences', 'participations'));

-- +goose Down
SELECT 1;
