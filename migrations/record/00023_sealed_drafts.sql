-- +goose Up
-- What a text of ours says, in every version, is sealed under its round's keyset,
-- or its series' if it is about no round; the columns beside it are then empty.
-- Texts that are public elsewhere, and what is left of destroyed notes because it
-- was released, stand in clear.
ALTER TABLE drafts ADD COLUMN sealed BYTEA NOT NULL DEFAULT '';
INSERT INTO chores (name) SELECT 'seal drafts' WHERE EXISTS (SELECT 1 FROM drafts);

-- +goose Down
SELECT 1;
