package desk

import (
	"slices"
	"strconv"
)

// total writes a sum, and nothing for one that is not given.
func total(n *int) string {
	if n == nil {
		return ""
	}
	return strconv.Itoa(*n)
}

// Only is the line with nothing but the name and the columns chosen, so that the
// text code covers what stands on the sheet.
func (p AnswerPerson) Only(chosen []string) AnswerPerson {
	for key, field := range map[string]*string{
		"round": &p.Round, "dates": &p.Dates, "side": &p.Side, "post": &p.Post, "badge": &p.Badge, "label": &p.Label,
	} {
		if !slices.Contains(chosen, key) {
			*field = ""
		}
	}
	return p
}
