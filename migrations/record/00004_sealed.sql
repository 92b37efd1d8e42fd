-- +goose Up
-- A presence that attends through another body holds a true affiliation. Its
-- organisation_id, words, attends_through_id and disclosed are '' and stand
-- sealed under the series' keyset. Everywhere a sealed column of no bytes means
-- that nothing is sealed.
ALTER TABLE presences ADD COLUMN sealed BYTEA NOT NULL DEFAULT '';
CREATE INDEX presences_sealed ON presences (round_id) WHERE length(sealed) > 0;

-- What rows were before an act edited or removed them. Who did that when
-- stands in the audit entry.
CREATE TABLE history (
	object_id    TEXT   NOT NULL,
	audit_number BIGINT NOT NULL,
	kind         TEXT   NOT NULL,   -- the table
	round_id     TEXT   NOT NULL,   -- the round of which the object is a part, or ''
	body         TEXT   NOT NULL,   -- the row as JSON; what is sealed in it stays sealed
	PRIMARY KEY (object_id, audit_number)
);
CREATE INDEX history_round_id ON history (round_id, audit_number) WHERE round_id <> '';

-- What Open still has to do after a migration, once.
CREATE TABLE chores (
	name TEXT PRIMARY KEY
);

-- +goose Down
SELECT 1;
