-- +goose Up
-- What stands beside the names and dates of series, rounds and organisations.
-- Lists are JSON; '' is none.

ALTER TABLE series ADD COLUMN names     TEXT NOT NULL DEFAULT 'null'; -- by side and language
ALTER TABLE series ADD COLUMN conveners TEXT NOT NULL DEFAULT 'null'; -- with from and to
ALTER TABLE series ADD COLUMN ordinals  TEXT NOT NULL DEFAULT '';     -- '' decided round by round
ALTER TABLE series ADD COLUMN funders   TEXT NOT NULL DEFAULT 'null'; -- with acknowledgement, from and to

-- A list of ids becomes a list of conveners without dates: ids hold letters and
-- digits only, so what stands around them is all punctuation there is.
UPDATE series SET conveners = REPLACE(REPLACE(REPLACE(convener_ids,
	'["', '[{"organisation":"'), '","', '"},{"organisation":"'), '"]', '"}]');
ALTER TABLE series DROP COLUMN convener_ids;

ALTER TABLE rounds ADD COLUMN side_dates    TEXT NOT NULL DEFAULT 'null'; -- where sides count other days
ALTER TABLE rounds ADD COLUMN time_zone     TEXT NOT NULL DEFAULT '';     -- IANA
ALTER TABLE rounds ADD COLUMN headcounts    TEXT NOT NULL DEFAULT 'null';
ALTER TABLE rounds ADD COLUMN margin_events TEXT NOT NULL DEFAULT 'null';
ALTER TABLE rounds ADD COLUMN preparations  TEXT NOT NULL DEFAULT 'null';

ALTER TABLE organisations ADD COLUMN predecessors TEXT NOT NULL DEFAULT 'null'; -- ids and dates
ALTER TABLE organisations ADD COLUMN identifiers  TEXT NOT NULL DEFAULT 'null'; -- scheme and value
ALTER TABLE organisations ADD COLUMN confusables  TEXT NOT NULL DEFAULT 'null'; -- ids

-- Who came after whom, for search: made of organisations.predecessors.
CREATE TABLE predecessors (
	organisation_id TEXT NOT NULL REFERENCES organisations (id),
	predecessor_id  TEXT NOT NULL,
	PRIMARY KEY (organisation_id, predecessor_id)
);
CREATE INDEX predecessors_predecessor_id ON predecessors (predecessor_id, organisation_id);

-- +goose Down
SELECT 1;
