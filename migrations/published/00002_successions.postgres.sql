-- +goose Up
-- Which bodies came after which, as their documents say it. A store that was
-- folded before has to be folded again.
CREATE TABLE successions (
	slug        TEXT NOT NULL,  -- the body whose document says it
	predecessor TEXT NOT NULL,  -- slug
	PRIMARY KEY (slug, predecessor)
);
CREATE INDEX successions_predecessor ON successions (predecessor, slug);
