// Package published holds the schema of the published store, apart from the
// record's, so that a program that needs one does not carry the other.
package published

import "embed"

// Files holds goose's files.
//
//go:embed *.sql
var Files embed.FS
