package recordstore

import (
	"database/sql/driver"
	"encoding/json"
	"fmt"
)

// A list is a Go value in one JSON column.
type list[T any] struct{ V T }

// Value is the column's text.
func (l list[T]) Value() (driver.Value, error) {
	b, err := json.Marshal(l.V)
	return string(b), err
}

// Scan reads the column's text.
func (l *list[T]) Scan(src any) error {
	switch v := src.(type) {
	case string:
		return json.Unmarshal([]byte(v), &l.V)
	case []byte:
		return json.Unmarshal(v, &l.V)
	}
	return fmt.Errorf("recordstore: %T in a JSON column", src)
}

// GormDataType keeps gorm from guessing a type for it.
func (list[T]) GormDataType() string { return "text" }

// flag is a boolean column's value.
func flag(b bool) int64 {
	if b {
		return 1
	}
	return 0
}
