-- +goose Up
-- What an observation rests on: which lines of the notes, and how far it may be
-- given as somebody's. Sealed under the round's keyset.
CREATE TABLE bases (
	observation_id TEXT   PRIMARY KEY,
	output_id      TEXT   NOT NULL REFERENCES outputs (id),
	round_id       TEXT   NOT NULL REFERENCES rounds (id),
	sealed         BYTEA  NOT NULL
);
CREATE INDEX bases_round_id ON bases (round_id);
CREATE INDEX bases_output_id ON bases (output_id);

-- +goose Down
SELECT 1;
