package desk

import "strconv"

// total writes a sum, and nothing for one that is not given.
func total(n *int) string {
	if n == nil {
		return ""
	}
	return strconv.Itoa(*n)
}
