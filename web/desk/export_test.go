package desk

import "track15/models/record"

// A RouteLine is a line of the desk, for tests.
type RouteLine struct {
	Method, Path string
	Need         record.Act
}

// Routes lists the whole desk.
func Routes() []RouteLine {
	var all []RouteLine
	for _, r := range routes {
		all = append(all, RouteLine{r.method, r.path, r.need})
	}
	return all
}
