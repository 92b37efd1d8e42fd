-- +goose Up
-- Who was shown which words of a text and what they answered, and what a person
-- decided about whom to ask. Sealed with the text; due and answered stand in
-- clear for the first page.
CREATE TABLE clearance_askings (
	id        TEXT   PRIMARY KEY,
	output_id TEXT   NOT NULL REFERENCES outputs (id),
	round_id  TEXT   NOT NULL,
	due       TEXT   NOT NULL,
	answered  BIGINT NOT NULL,
	version   BIGINT NOT NULL,
	sealed    BYTEA  NOT NULL
);
CREATE INDEX clearance_askings_output_id ON clearance_askings (output_id);
CREATE INDEX clearance_askings_due ON clearance_askings (due) WHERE answered = 0;
CREATE TABLE clearance_needs (
	id        TEXT   PRIMARY KEY,
	output_id TEXT   NOT NULL REFERENCES outputs (id),
	round_id  TEXT   NOT NULL,
	sealed    BYTEA  NOT NULL
);
CREATE INDEX clearance_needs_output_id ON clearance_needs (output_id);

-- +goose Down
SELECT 1;
