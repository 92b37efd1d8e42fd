// Package intaketest makes tables as people have them.
package intaketest

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"track15/models/record"
	"track15/models/sheet"
)

// Broken is how many rows of Messy a person must look at, however many there
// are: an impossible date, no name, a character that cannot be seen, no round.
const Broken = 4

var (
	families   = strings.Fields("Arnholt Belvane Corvik Dunmare Esterling Farrowby Galdane Hestwick Ingelow Jorvald Kestrane Lindquell Marrowen Norvath Oldermarsh Penhallis Quillander Rosenvik Saltmarrow Tavernel Ullendahl Varnholm Westergate Yarrowick Zellmark")
	givens     = strings.Fields("Anneli Bertram Clarisse Dagmar Edvard Fenella Gustav Henrike Isolde Joachim Katarina Leopold Margarethe Nikolaus Ottilie Philippa Quentin Rosalind Sebastian Theodora Ulrike Valentin Wilhelmina Xaver Yolande")
	han        = []string{"林若川 Lin Ruochuan", "王海岚 Wang Hailan", "张文硕 Zhang Wenshuo", "赵明栩 Zhao Mingxu", "周凯宁 Zhou Kaining", "孙悦澄 Sun Yuecheng"}
	bodies     = []string{"Harbour Institute", "Weir Commission", "Northern Academy of Coastal Studies", "Vestrian Coast Command", "University of Eastmere", "Two Rivers Centre", "Norlund Ministry of Transport", "Lakeside Foundation"}
	capacities = []string{"official", "Personal capacity", "Expert", "observer", "Dolmetscher", "", "in their personal capacity", "wizard"}
	months     = []string{"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"}
)

// Messy is a table of n participants, at least 100, of ten rounds of one series,
// as several people wrote it over years: junk above the headings, headings in
// two languages, one column for names in every order, titles, several ways of
// writing a date, the same people and bodies in several spellings. Broken rows
// need a person. Equal seeds make equal tables.
func Messy(seed uint64, n int) sheet.Sheet {
	r := rand.New(rand.NewPCG(seed, 15))
	rows := [][]string{{"Participants of all rounds, 2014 to 2023"}, {"last saved by the office; do not forward"}, nil, {"Nr.", "Participant", "Organisation", "Funktion", "Country", "Round", "Date", "Role", "Attended?", "Remarks"}}
	for i := range n {
		person := r.IntN(len(families) * len(givens))
		family, given := families[person%len(families)], givens[person/len(families)]
		name := given + " " + family
		switch r.IntN(8) {
		case 0:
			name = strings.ToUpper(family) + " " + given
		case 1:
			name = family + ", " + given
		case 2:
			name = "Dr. " + name
		case 3:
			name = "  " + given + "\u00a0" + family + " (ret.)"
		case 4:
			if r.IntN(10) == 0 {
				characters, latin, _ := strings.Cut(han[r.IntN(len(han))], " ")
				name = latin + " (" + characters + ")"
			}
		}
		body := bodies[person%len(bodies)]
		switch r.IntN(6) {
		case 0:
			body = strings.ToUpper(body[:1]) + strings.ToLower(body[1:])
		case 1:
			body = "The " + body
		case 2:
			body += " "
		}
		round := r.IntN(10)
		rows = append(rows, []string{
			fmt.Sprint(i + 1), name, body, "Head of unit", []string{"XA", "xb", "", "n/a"}[person%2], fmt.Sprint("Round ", round+1), when(r, round),
			capacities[r.IntN(len(capacities))], []string{"yes", "x", "no", ""}[r.IntN(4)], "",
		})
		if i%97 == 5 {
			rows = append(rows, nil)
		}
	}
	first := len(rows) - n/2
	breakRow := func(at, column int, value string) {
		for rows[at] == nil {
			at++
		}
		rows[at][column] = value
	}
	breakRow(first, 6, "31 February 2019")
	breakRow(first+10, 1, "")
	breakRow(first+20, 1, "Anneli \u202eArnholt")
	for at, column := range map[int]int{5: 5, 6: 6} {
		breakRow(first+30, column, strings.Repeat(" ", at-4))
	}
	return sheet.Sheet{Rows: rows}
}

// when writes the first and second day of a round in one of several ways.
func when(r *rand.Rand, round int) string {
	year, month, day := 2014+round, round+1, 14+round
	switch r.IntN(7) {
	case 0:
		return fmt.Sprintf("%d–%d %s %d", day, day+1, months[month-1], year)
	case 1:
		return fmt.Sprintf("%s %d-%d, %d", months[month-1][:3], day, day+1, year)
	case 2:
		return fmt.Sprintf("%d.%d.%d", day, month, year)
	case 3:
		return fmt.Sprintf("%04d-%02d-%02d", year, month, day)
	case 4:
		return fmt.Sprintf("%02d/%02d/%d", day, month, year)
	case 5:
		return fmt.Sprintf("%d年%d月%d日至%d日", year, month, day, day+1)
	}
	return fmt.Sprintf("%d.-%d.%d.%d", day, day+1, month, year)
}

// Directory is what a record may hold already of those whom Messy names: a
// third of the people, and the first bodies.
func Directory() ([]record.Person, []record.Organisation) {
	var people []record.Person
	for i := 0; i < len(families)*len(givens); i += 3 {
		people = append(people, record.Person{ID: fmt.Sprint("person-", i), Family: families[i%len(families)], Given: givens[i/len(families)]})
	}
	var all []record.Organisation
	for i, name := range bodies[:4] {
		all = append(all, record.Organisation{ID: fmt.Sprint("body-", i), Name: name, Kind: record.ThinkTank})
	}
	return people, all
}
