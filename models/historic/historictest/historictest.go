// Package historictest makes archives of any size for measurements: invented
// series, bodies and rounds, in invented countries.
package historictest

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"

	"track15/models/historic"
)

// Bodies is how many bodies take part in each round.
const Bodies = 10

var (
	topics = []string{"cyber security", "water sharing", "maritime incidents", "air safety", "nuclear risk", "trade in grain", "space debris", "public health"}
	cities = []string{"Port Anselm", "Lindholm", "Vestria City", "Old Harbour", "Northgate", "Sella"}
	kinds  = []string{"ministry", "agency", "military", "regulator", "CERT", "think tank", "university", "company"}
)

// Write makes the three files in dir, with so many rounds in series of 50, each
// with ten of 500 bodies. The same seed makes the same files.
func Write(dir string, rounds int, seed uint64) error {
	random := rand.New(rand.NewPCG(seed, 15))
	const bodies = 500
	series := max(rounds/50, 1)
	err := write(filepath.Join(dir, historic.OrganisationsFile), bodies, func(i int) any {
		return map[string]any{
			"id": fmt.Sprintf("body-%d", i), "name": fmt.Sprintf("Body number %d", i), "acronym": fmt.Sprintf("B%d", i),
			"country": country(i), "kind": kinds[i%len(kinds)], "aliases": []string{fmt.Sprintf("The %dth body", i)}, "source": address("bodies", i),
		}
	})
	err = errors.Join(err, write(filepath.Join(dir, historic.SeriesFile), series, func(i int) any {
		return map[string]any{
			"id": fmt.Sprintf("series-%d", i), "name": fmt.Sprintf("Dialogue number %d", i), "track": "1.5",
			"parties": []string{"XA", "XB"}, "source": address("series", i),
		}
	}))
	return errors.Join(err, write(filepath.Join(dir, historic.RoundsFile), rounds, func(i int) any {
		var named []map[string]any
		first := random.IntN(bodies)
		for n := range Bodies {
			named = append(named, map[string]any{
				"org": fmt.Sprintf("body-%d", (first+n*37)%bodies), "side": country(n), "how_disclosed": "named",
			})
		}
		year, month := 1990+random.IntN(36), 1+random.IntN(12)
		r := map[string]any{
			"id": fmt.Sprintf("round-%d", i), "series": fmt.Sprintf("series-%d", i%series), "ordinal": i/series + 1, "status": "held",
			"start": fmt.Sprintf("%d-%02d-%02d", year, month, 1+random.IntN(27)), "date_precision": "day",
			"city": cities[random.IntN(len(cities))], "country": country(random.IntN(2)), "format": "in person", "track": "1.5",
			"topics": []string{topics[random.IntN(4)], topics[4+random.IntN(4)]}, "organisations_named_publicly": named,
			"rules_stated": []string{"Chatham House Rule"}, "source": address("rounds", i),
			"summary": fmt.Sprintf("Participants of meeting %d spoke about %s and what follows from it.", i, topics[random.IntN(len(topics))]),
		}
		if i%4 == 0 {
			r["outputs"] = []map[string]any{{
				"kind": "key findings", "title": fmt.Sprintf("Findings of meeting %d", i), "outlet": "Generated Review", "date": fmt.Sprintf("%d", year), "url": address("texts", i), "lang": "en",
			}}
		}
		return r
	}))
}

func country(i int) string { return []string{"XA", "XB"}[i%2] }

func address(what string, i int) string { return fmt.Sprintf("https://example.org/%s/%d", what, i) }

// write writes n lines of JSON.
func write(path string, n int, line func(int) any) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	w := bufio.NewWriter(f)
	enc := json.NewEncoder(w)
	for i := range n {
		if err := enc.Encode(line(i)); err != nil {
			return errors.Join(err, f.Close())
		}
	}
	return errors.Join(w.Flush(), f.Close())
}
