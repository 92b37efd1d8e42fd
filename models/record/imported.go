package record

// An Imported is an entry as an import reads it, and where it stood. Every
// identifier in the entry is the file's own; whoever stores it gives others.
type Imported[T any] struct {
	Entry T
	// Where is the line it came from, "rounds.jsonl:12".
	Where string
	// Digest is the SHA-256 of that line, in hex. Equal lines are one entry,
	// however often they are imported.
	Digest string
}

// A RoundEntry is a round with the texts about it.
type RoundEntry struct {
	Round   Round
	Outputs []Output
}
