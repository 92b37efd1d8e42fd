// Package record holds the schema of the record, apart from the published
// store's.
package record

import "embed"

// Files holds goose's files.
//
//go:embed *.sql
var Files embed.FS
