-- +goose Up
-- Who was answered with what kind of numbers or lists, and by whom. The words
-- of an answer are not kept.

CREATE TABLE answers (
	id              TEXT   PRIMARY KEY,
	series_id       TEXT   NOT NULL REFERENCES series (id),
	recipient       TEXT   NOT NULL,
	asked           TEXT   NOT NULL,
	organisation_id TEXT   NOT NULL,  -- '' for numbers
	by_rows         TEXT   NOT NULL,
	by_columns      TEXT   NOT NULL,
	at_least        BIGINT NOT NULL,
	since           BIGINT NOT NULL,  -- year, 0 for no bound
	until           BIGINT NOT NULL,
	hidden_too      BIGINT NOT NULL,  -- 0, 1
	code            TEXT   NOT NULL,  -- text code of its words
	made_by         TEXT   NOT NULL,
	made_at         BIGINT NOT NULL
);
CREATE INDEX answers_series ON answers (series_id, made_at);

-- +goose Down
SELECT 1;
