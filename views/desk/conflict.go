package desk

import "slices"

// carried returns the names of the values that are no place of conflict, in
// order.
func (p ConflictPage) carried() []string {
	var names []string
	for name := range p.Form.Values {
		if !slices.ContainsFunc(p.Places, func(c Place) bool { return c.Field == name }) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}
