-- +goose Up
-- Whether an answer told a body also of its own people behind another badge.
ALTER TABLE answers ADD COLUMN own BIGINT NOT NULL DEFAULT 0; -- 0, 1

-- +goose Down
SELECT 1;
