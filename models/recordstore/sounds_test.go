package recordstore_test

import (
	"io/fs"
	"testing"
	"testing/fstest"

	"gorm.io/gorm"

	migrations "track15/migrations/record"
	"track15/models/database/dbtest"
	"track15/models/record"
	"track15/models/recordstore"
	"track15/models/seal"
)

// found are the family names of the people whom words find.
func found(t *testing.T, s *recordstore.Store, actor record.Actor, words string) (all []string) {
	t.Helper()
	people, _, err := s.People(t.Context(), actor, recordstore.PersonFilter{Query: words})
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range people {
		all = append(all, p.Family)
	}
	return all
}

func TestPersonIsFoundInAnyScript(t *testing.T) {
	eachDatabase(t, func(t *testing.T, w *world) {
		ctx, who := t.Context(), w.as("coordinator")
		lin := must(w.store.AddPerson(ctx, who, record.Person{Family: "林", Given: "若川"}))(t)
		must(w.store.AddPerson(ctx, who, record.Person{Family: "Жуков", Given: "Евгений"}))(t)
		must(w.store.AddPerson(ctx, who, record.Person{Family: "Linden", Given: "Rut"}))(t)
		for _, words := range []string{"Lin Ruochuan", "Ruochuan LIN", "Lin Jo-ch'uan", "林若川", "ruochuan"} {
			if all := found(t, w.store, who, words); len(all) != 1 || all[0] != "林" {
				t.Errorf("%s finds %q", words, all)
			}
		}
		if all := found(t, w.store, who, "Yevgeny Zhukov"); len(all) != 1 || all[0] != "Жуков" {
			t.Errorf("found %q", all)
		}
		_, n, err := w.store.People(ctx, w.as("editor"), recordstore.PersonFilter{Query: "Lin Ruochuan"})
		if wantForbidden(t, "an editor", err); n != 0 {
			t.Error("an editor, who reads no directory, is told how many there are")
		}
		// Under the name that somebody had no more, they are not found.
		lin.Family, lin.Given = "Varga", "Eszter"
		must(w.store.EditPerson(ctx, who, lin))(t)
		if all := found(t, w.store, who, "Lin Ruochuan"); len(all) != 0 {
			t.Errorf("found under an old name: %q", all)
		}
	})
}

// People who were entered by an older program are found like the others.
func TestPeopleOfBeforeAreFoundInAnyScript(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, store func(string) string) {
		before := fstest.MapFS{}
		files, err := fs.Glob(migrations.Files, "*.sql")
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range files {
			if name < "00012" {
				before[name] = &fstest.MapFile{Data: must(fs.ReadFile(migrations.Files, name))(t)}
			}
		}
		url := store("record")
		db := dbtest.Open(t, url, before)
		err = db.Write(t.Context(), func(tx *gorm.DB) error {
			return tx.Exec(`INSERT INTO people (id, given, family, family_first, sort_key, honorific, native, aliases, country, sample, version)
				VALUES (?, '若川', '林', 1, '林 若川', '', '[]', '[]', '', 0, 1)`, recordstore.NewID()).Error
		})
		if err != nil {
			t.Fatal(err)
		}
		ring := must(seal.OpenRing(t.TempDir() + "/keys"))(t)
		for range 2 {
			s := must(recordstore.Open(t.Context(), url, recordstore.Options{Ring: ring}))(t)
			if all := found(t, s, operator, "Lin Ruochuan"); len(all) != 1 {
				t.Errorf("found %q", all)
			}
			s.Close()
		}
	})
}
