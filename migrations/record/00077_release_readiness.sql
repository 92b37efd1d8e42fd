-- +goose Up
-- What a frozen document says that the ground rules of a round decide on: the
-- round's own document where output_id is '', else a text's. Releases frozen before
-- have no rows. asked is whom the first signer asked to sign second.
CREATE TABLE release_aspects (
    release_id TEXT NOT NULL REFERENCES releases (id),
    round_id   TEXT NOT NULL,
    output_id  TEXT NOT NULL,
    aspect     TEXT NOT NULL,
    PRIMARY KEY (release_id, round_id, output_id, aspect)
);
ALTER TABLE releases ADD COLUMN asked_id TEXT NOT NULL DEFAULT '';
ALTER TABLE releases ADD COLUMN asked_name TEXT NOT NULL DEFAULT '';

-- +goose Down
SELECT 1;
