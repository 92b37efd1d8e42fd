package database

import (
	"encoding/json"

	"gorm.io/gorm"
)

// In restricts a query to rows whose column holds one of any number of values,
// and is for conditions that are put together: cond with its one argument. More
// than some thousand values cannot be named to a database one by one.
func In(tx *gorm.DB, column string, values []string) (cond string, arg string, err error) {
	b, err := json.Marshal(append([]string{}, values...)) // nil is no list
	if tx.Name() == PostgreSQL.String() {
		return column + " IN (SELECT json_array_elements_text(CAST(? AS json)))", string(b), err
	}
	return column + " IN (SELECT value FROM json_each(?))", string(b), err
}
