-- +goose Up
-- What the house says of texts that others published is sealed as its own texts
-- are.
INSERT INTO chores (name) SELECT 'seal observations' WHERE EXISTS (SELECT 1 FROM outputs WHERE external = 1);

-- +goose Down
SELECT 1;
