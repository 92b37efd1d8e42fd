-- +goose Up
-- The other languages of a version (JSON: lang, title, body), and its thanks. Of
-- sealed versions both stand in the sealed part.
ALTER TABLE drafts ADD COLUMN translations TEXT NOT NULL DEFAULT 'null';
ALTER TABLE drafts ADD COLUMN acknowledgements TEXT NOT NULL DEFAULT '';

-- +goose Down
SELECT 1;
