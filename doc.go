// Package track15 keeps the record of Track 1.5 dialogues and publishes the
// part of it that was cleared. What was not released cannot reach the public,
// and one can show why.
package track15
