-- +goose Up
-- A document of a text of ours is sealed as its versions are, until a number
-- releases it; body is then empty.
ALTER TABLE release_documents ADD COLUMN sealed BYTEA NOT NULL DEFAULT '';
INSERT INTO chores (name) SELECT 'seal documents' WHERE EXISTS (SELECT 1 FROM release_documents WHERE kind = 'output');

-- +goose Down
SELECT 1;
