-- +goose Up
-- Which texts a release took from the record as they were, so that clearances of
-- these words must stand; others in it are what was public before.
ALTER TABLE release_drafts ADD COLUMN fresh BIGINT NOT NULL DEFAULT 0;

-- +goose Down
SELECT 1;
