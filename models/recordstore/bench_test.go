package recordstore_test

import (
	"testing"

	"gorm.io/gorm"

	"track15/models/database"
	"track15/models/database/dbtest"
	"track15/models/record"
	"track15/models/recordstore"
	"track15/models/seal"
)

// manyRounds fills a record with 100,000 rounds of two series and ten of 1,000
// bodies at each.
const manyRounds = `
INSERT INTO series SELECT 'series0000000000000000000' || n, 'S', 's', 'null', '', 'null', 'null', 'null', 0, 1, '', 1
FROM (SELECT 2 AS n UNION SELECT 3) AS two;
INSERT INTO organisations WITH RECURSIVE c(n) AS (SELECT 1000 UNION ALL SELECT n + 1 FROM c WHERE n < 1999)
SELECT 'body000000000000000000' || n, 'Body ' || n, 'body ' || n, '', 'null', 'null', 'agency', '', '', 0, 'null', 0, 1, '', 1 FROM c;
INSERT INTO organisation_names SELECT id, sort_key, 0 FROM organisations;
INSERT INTO rounds WITH RECURSIVE c(n) AS (SELECT 100000 UNION ALL SELECT n + 1 FROM c WHERE n < 199999)
SELECT 'round000000000000000' || n, 'series0000000000000000000' || (2 + n % 2), n, '', '', 'held', '2017-01', '', '', '', '' || (1950 + n % 70) || '-01',
'Town ' || n, '', '', '', '', 'null', '', '{}', 'null', 0, 1, '', 'town ' || n, 'town ' || n, 1 FROM c;
INSERT INTO presences WITH RECURSIVE c(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM c WHERE n < 9)
SELECT rounds.id || '-' || n, rounds.id, n, 'body000000000000000000' || (1000 + (rounds.sequence * 7 + n * 131) % 1000), '', '', '', '', '', '', '', ''
FROM rounds, c;
`

// BenchmarkRounds lists pages of 100,000 rounds.
func BenchmarkRounds(b *testing.B) {
	for name, url := range map[string]string{"sqlite": dbtest.SQLite(b, "record"), "postgres": dbtest.Postgres(b, "record")} {
		ring, err := seal.OpenRing(b.TempDir() + "/keys")
		if err != nil {
			b.Fatal(err)
		}
		s, err := recordstore.Open(b.Context(), url, recordstore.Options{Ring: ring})
		if err != nil {
			b.Fatal(err)
		}
		b.Cleanup(func() { s.Close() })
		fill(b, dbtest.Open(b, url, nil))
		one := record.Actor{ID: "a", Grants: []record.Grant{{Role: record.Editor, SeriesID: "series00000000000000000002"}}}
		for what, f := range map[string]recordstore.RoundFilter{
			"all":    {Page: 1, PerPage: 25},
			"deep":   {Page: 1000, PerPage: 25},
			"body":   {OrganisationID: "body0000000000000000001500", Page: 1, PerPage: 25},
			"series": {SeriesID: "series00000000000000000002", Page: 1, PerPage: 25},
			"words":  {Query: "body 1500", Page: 1, PerPage: 25},
		} {
			for who, actor := range map[string]record.Actor{"operator": record.Operator("b"), "editor": one} {
				b.Run(name+"/"+what+"/"+who, func(b *testing.B) {
					for b.Loop() {
						if _, _, err := s.Rounds(b.Context(), actor, f); err != nil {
							b.Fatal(err)
						}
					}
				})
			}
		}
	}
}

func fill(b *testing.B, db *database.DB) {
	b.Helper()
	err := db.Write(b.Context(), func(tx *gorm.DB) error { return tx.Exec(manyRounds).Error })
	if err == nil && db.Dialect() == database.PostgreSQL {
		err = db.Write(b.Context(), func(tx *gorm.DB) error { return tx.Exec("ANALYZE").Error })
	}
	if err != nil {
		b.Fatal(err)
	}
}
