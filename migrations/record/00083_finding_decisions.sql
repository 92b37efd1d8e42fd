-- +goose Up
-- What people decided about findings of the disclosure check, for a round, or for a
-- series where a text is of none: place is the one or the other. key is a keyed sum
-- of the rule, the sources and the words. Decision and reason are sealed with the
-- text that they were made on.
CREATE TABLE finding_decisions (
	id        TEXT   PRIMARY KEY,
	place     TEXT   NOT NULL,
	output_id TEXT   NOT NULL REFERENCES outputs (id),
	round_id  TEXT   NOT NULL,
	key       TEXT   NOT NULL,
	rule      TEXT   NOT NULL,
	by_id     TEXT   NOT NULL,
	at        BIGINT NOT NULL,
	sealed    BYTEA  NOT NULL
);
CREATE INDEX finding_decisions_place ON finding_decisions (place, key);
CREATE INDEX finding_decisions_output_id ON finding_decisions (output_id);
CREATE INDEX finding_decisions_round_id ON finding_decisions (round_id);

-- +goose Down
SELECT 1;
