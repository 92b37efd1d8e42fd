package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"time"
)

// The generated archive: everything in it is invented, in countries whose codes
// are set aside for users.
const (
	seriesCount = 40
	bodyCount   = 600
	bodiesEach  = 10
)

var topics = []string{"norms", "water", "fisheries", "air safety", "contact points", "data", "health", "rail", "weather", "energy"}

// A round is what the raw twins need to know of one generated round.
type round struct {
	slug, opens, series, country, topic string
	year                                int
	agencies                            []string
}

// generate writes n rounds with ten bodies each as files that track15 imports,
// and returns them. Equal n give equal files.
func generate(dir string, n int) ([]round, error) {
	rng := rand.New(rand.NewPCG(15, uint64(n)))
	const source = "https://archive.example/register"
	var series, bodies []map[string]any
	for i := range seriesCount {
		series = append(series, map[string]any{
			"id": seriesID(i), "name": fmt.Sprintf("Dialogue %02d", i), "source": source,
			"parties": []string{country(i), country(i + 1)}, "conveners": []string{bodyID(i), bodyID(i + 1)},
		})
	}
	kinds := []string{"ministry", "agency", "think tank", "university", "regulator"}
	for i := range bodyCount {
		bodies = append(bodies, map[string]any{
			"id": bodyID(i), "name": fmt.Sprintf("Body %03d of Country %s", i, country(i)), "acronym": fmt.Sprintf("B%03d", i),
			"country": country(i), "kind": kinds[i%len(kinds)], "source": source,
		})
	}
	all := make([]round, n)
	lines := make([]map[string]any, n)
	start := time.Date(1990, 1, 1, 0, 0, 0, 0, time.UTC)
	for i := range all {
		s := rng.IntN(seriesCount)
		opens := start.AddDate(0, 0, rng.IntN(35*365))
		r := round{
			slug: fmt.Sprintf("round-%06d", i), opens: opens.Format(time.DateOnly), series: seriesID(s),
			country: country(s), topic: topics[rng.IntN(len(topics))], year: opens.Year(),
		}
		var named []map[string]any
		for b := range bodiesEach {
			// Few bodies are often there, most seldom, as in real registers.
			id := bodyID(rng.IntN(1 + rng.IntN(bodyCount)))
			named = append(named, map[string]any{"org": id, "side": country(s + b%2), "how_disclosed": "named"})
			r.agencies = append(r.agencies, id)
		}
		all[i] = r
		lines[i] = map[string]any{
			"id": r.slug, "series": r.series, "ordinal_label": fmt.Sprintf("round %d", i), "status": "held",
			"start": r.opens, "end": opens.AddDate(0, 0, 1).Format(time.DateOnly), "date_precision": "day",
			"city": fmt.Sprintf("Port %02d", rng.IntN(60)), "country": r.country, "format": "in person",
			"organisations_named_publicly": named, "topics": []string{r.topic}, "source": source,
		}
	}
	return all, errors.Join(
		writeLines(filepath.Join(dir, "series.jsonl"), series),
		writeLines(filepath.Join(dir, "organisations.jsonl"), bodies),
		writeLines(filepath.Join(dir, "rounds.jsonl"), lines),
	)
}

func writeLines(path string, lines []map[string]any) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	w := bufio.NewWriter(f)
	enc := json.NewEncoder(w)
	for _, l := range lines {
		if err := enc.Encode(l); err != nil {
			return errors.Join(err, f.Close())
		}
	}
	return errors.Join(w.Flush(), f.Close())
}

func seriesID(i int) string { return fmt.Sprintf("dialogue-%02d", i%seriesCount) }
func bodyID(i int) string   { return fmt.Sprintf("body-%03d", i%bodyCount) }

// country is one of the 26 codes XA to XZ.
func country(i int) string { return "X" + string(rune('A'+i%26)) }
