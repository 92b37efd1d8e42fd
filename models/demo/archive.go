package demo

import (
	"embed"
	"io/fs"
	"iter"

	"track15/models/historic"
	"track15/models/record"
)

//go:embed archive/*.jsonl
var files embed.FS

// archive reads the built-in archive: 40 rounds of eight real series, compiled
// from public pages, each fact with its address.
func archive() (*historic.Archive, error) {
	dir, err := fs.Sub(files, "archive")
	if err != nil {
		return nil, err
	}
	return historic.Open(dir)
}

// seed is the text that carries the one observation of the archive: the round
// this project started from, and the account whose words it paraphrases.
const (
	seedRound   = "csis-cicir-cyber-10"
	seedOutlet  = "Lawfare"
	seedAccount = "Michael Sulmeyer and Amy Chang"
)

var seedObservation = record.Observation{
	Heading: "On attribution",
	Text:    "The authors report that their Chinese counterparts hold it to be nearly impossible to establish who carried out a cyber operation.",
	Account: seedAccount,
}

// withObservation passes the rounds on and puts the observation under the
// account it comes from.
func withObservation(rounds iter.Seq2[record.Imported[record.RoundEntry], error]) iter.Seq2[record.Imported[record.RoundEntry], error] {
	return func(yield func(record.Imported[record.RoundEntry], error) bool) {
		for r, err := range rounds {
			if r.Entry.Round.ID == seedRound {
				for i := range r.Entry.Outputs {
					if d := &r.Entry.Outputs[i].Draft; d.Outlet == seedOutlet {
						d.Observations = []record.Observation{seedObservation}
					}
				}
			}
			if !yield(r, err) {
				return
			}
		}
	}
}
