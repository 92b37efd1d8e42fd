-- +goose Up
-- How the words of people's names sound, so that a name is found in any script
-- and romanisation. Open fills it for the people who stand here already.

CREATE TABLE person_sounds (
	sound     TEXT NOT NULL, -- in Latin letters, cut to 200 bytes
	person_id TEXT NOT NULL REFERENCES people (id),
	PRIMARY KEY (sound, person_id)
);
CREATE INDEX person_sounds_person_id ON person_sounds (person_id);

INSERT INTO chores (name) SELECT 'sound out names' WHERE EXISTS (SELECT 1 FROM people);

-- +goose Down
SELECT 1;
