package recordstore_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"gorm.io/gorm"

	"track15/models/database/dbtest"
	"track15/models/fault"
	"track15/models/record"
)

// last returns the newest entry of the audit.
func (w *world) last() string {
	w.t.Helper()
	chain := readChain(w, dbtest.Open(w.t, w.url, nil))
	return string(chain[len(chain)-1].Bytes)
}

// The accounts of one world, one subject after the other; the last damages them.
func TestAccounts(t *testing.T) {
	eachDatabase(t, func(t *testing.T, w *world) {
		for _, subject := range []struct {
			name string
			test func(*testing.T, *world)
		}{
			{"sign in", signIn},
			{"sign in at once", signInsAtOnce},
			{"refused", refusedSignInsAreAlike},
			{"reauthenticate", reauthenticate},
			{"add", addAccount},
			{"by id", accountByID},
			{"hashed", passwordsAreHashed},
			{"damaged", damagedHash},
		} {
			t.Run(subject.name, func(t *testing.T) { subject.test(t, w) })
		}
	})
}

func signIn(t *testing.T, w *world) {
	ctx := t.Context()
	editor := w.as("editor")
	for _, email := range []string{"editor@example.org", " Editor@EXAMPLE.org\n"} {
		a := must(w.store.SignIn(ctx, email, password))(t)
		if a.ID != editor.ID || a.Name != "editor" || a.Disabled || !slices.Equal(a.Grants, []record.Grant{{Role: record.Editor, SeriesID: w.lake.ID}}) {
			t.Errorf("signed in as %+v", a)
		}
	}
	if e := w.last(); !strings.Contains(e, `"act":"sign in"`) || !strings.Contains(e, editor.ID) {
		t.Error("no entry of the sign-in:", e)
	}
	if err := w.store.SignedOut(ctx, editor); err != nil {
		t.Fatal(err)
	}
	if e := w.last(); !strings.Contains(e, `"act":"sign out"`) {
		t.Error("no entry of the sign-out:", e)
	}
	wantForbidden(t, "nobody signs out", w.store.SignedOut(ctx, record.Actor{}))
	wantForbidden(t, "the operator signs out", w.store.SignedOut(ctx, operator))
}

// Whoever is refused learns nothing from how.
func refusedSignInsAreAlike(t *testing.T, w *world) {
	ctx := t.Context()
	must(w.store.AddAccount(ctx, operator, record.Account{Email: "gone@example.org", Name: "Gone", Disabled: true, Grants: []record.Grant{{Role: record.Director, SeriesID: record.AllSeries}}}, password))(t)
	var sentence string
	for _, tt := range [][2]string{
		{"editor@example.org", "wrong horse battery"},
		{"editor@example.org", ""},
		{"editor@example.org", password + "\x00"},
		{"editor@example.org", strings.ToUpper(password)},
		{"nobody-here@example.org", password},
		{"gone@example.org", password},
		{"gone@example.org", "wrong horse battery"},
		{"", password},
		{"", ""},
		{"editor@example.org\x00", password},
		{"editor@example.org\xff", password},
		{"%", password},
		{"' OR '1'='1", password},
		{strings.Repeat("a", 1<<20), password},
	} {
		before := w.entries()
		a, err := w.store.SignIn(ctx, tt[0], tt[1])
		what := fmt.Sprintf("%.40q with %q", tt[0], tt[1])
		wantForbidden(t, what, err)
		if err != nil && sentence == "" {
			sentence = err.Error()
		}
		if err != nil && err.Error() != sentence {
			t.Errorf("%s: %q, others %q", what, err, sentence)
		}
		if a.ID != "" || a.Name != "" || a.Grants != nil {
			t.Errorf("%s: returned %+v", what, a)
		}
		if n := w.entries(); n != before+1 {
			t.Errorf("%s: %d entries", what, n-before)
		}
		if e := w.last(); !strings.Contains(e, string(record.SignInRefused)) || tt[0] != "" && strings.Contains(e, tt[0]) {
			t.Errorf("%s: entry %s", what, e)
		}
	}
}

func reauthenticate(t *testing.T, w *world) {
	ctx := t.Context()
	before := w.entries()
	if err := w.store.Reauthenticate(ctx, w.as("editor"), password); err != nil {
		t.Error(err)
	}
	if n := w.entries(); n != before {
		t.Errorf("%d entries of what changed nothing", n-before)
	}
	err := w.store.Reauthenticate(ctx, w.as("editor"), "wrong horse battery")
	wantForbidden(t, "a wrong password", err)
	if all := fault.All(err); len(all) != 1 || all[0].Field != "password" {
		t.Errorf("fields of %v", err)
	}
	if e := w.last(); !strings.Contains(e, w.as("editor").ID) {
		t.Error("no entry of the refusal:", e)
	}
	for name, a := range map[string]record.Actor{"nobody": {}, "the operator": operator, "the worker": record.Worker()} {
		wantForbidden(t, name, w.store.Reauthenticate(ctx, a, password))
	}
	wantKind(t, "an account that is none", w.store.Reauthenticate(ctx, record.Actor{ID: w.round.ID}, password), fault.NotFound)
}

func addAccount(t *testing.T, w *world) {
	ctx := t.Context()
	good := record.Account{Email: "Pia@Example.org ", Name: " Pia", Grants: []record.Grant{{Role: record.Coordinator, SeriesID: w.lake.ID}, {Role: record.Auditor, SeriesID: record.AllSeries}}}
	a := must(w.store.AddAccount(ctx, operator, good, password))(t)
	if got := must(w.store.AccountByID(ctx, a.ID))(t); got.Email != "pia@example.org" || got.Name != "Pia" || len(got.Grants) != 2 {
		t.Errorf("stored %+v", got)
	}
	before, all := w.entries(), len(must(w.store.Accounts(ctx, operator))(t))
	_, err := w.store.AddAccount(ctx, w.as("administrator"), record.Account{Email: "pia@EXAMPLE.ORG", Name: "Another"}, password)
	wantKind(t, "a second account of one address", err, fault.Conflict)
	for name, tt := range map[string]struct {
		a        record.Account
		password string
		field    string
	}{
		"short password":      {record.Account{Email: "b@example.org", Name: "B"}, "elevenchars", "password"},
		"no name":             {record.Account{Email: "b@example.org"}, password, "name"},
		"no address":          {record.Account{Name: "B"}, password, "email"},
		"NUL in the address":  {record.Account{Email: "b\x00@example.org", Name: "B"}, password, "email"},
		"bytes in the name":   {record.Account{Email: "b@example.org", Name: "B\xff"}, password, "name"},
		"unseen in the name":  {record.Account{Email: "b@example.org", Name: "B\u202e"}, password, "name"},
		"1 MiB name":          {record.Account{Email: "b@example.org", Name: strings.Repeat("b", 1<<20)}, password, "name"},
		"unknown role":        {record.Account{Email: "b@example.org", Name: "B", Grants: []record.Grant{{Role: "king", SeriesID: record.AllSeries}}}, password, "role"},
		"no series":           {record.Account{Email: "b@example.org", Name: "B", Grants: []record.Grant{{Role: record.Editor}}}, password, "series"},
		"unknown series":      {record.Account{Email: "b@example.org", Name: "B", Grants: []record.Grant{{Role: record.Editor, SeriesID: w.round.ID}}}, password, "series"},
		"NUL in the series":   {record.Account{Email: "b@example.org", Name: "B", Grants: []record.Grant{{Role: record.Editor, SeriesID: "\x00"}}}, password, "series"},
		"password of 3 chars": {record.Account{Email: "b@example.org", Name: "B"}, "湖湖湖", "password"},
	} {
		_, err := w.store.AddAccount(ctx, operator, tt.a, tt.password)
		wantKind(t, name, err, fault.Invalid)
		if all := fault.All(err); len(all) == 0 || all[0].Field != tt.field {
			t.Errorf("%s: %v", name, err)
		}
		if err != nil && strings.Contains(err.Error(), tt.password) {
			t.Errorf("%s: the sentence holds the password", name)
		}
	}
	for _, role := range []string{"coordinator", "director", "auditor", "nobody"} {
		_, err := w.store.AddAccount(ctx, w.as(role), record.Account{Email: "b@example.org", Name: "B"}, password)
		wantForbidden(t, role+" adds an account", err)
		list, err := w.store.Accounts(ctx, w.as(role))
		wantForbidden(t, role+" lists accounts", err)
		if len(list) > 0 {
			t.Errorf("%s reads %d accounts", role, len(list))
		}
	}
	if n := w.entries(); n != before {
		t.Errorf("%d entries of what was refused", n-before)
	}
	list := must(w.store.Accounts(ctx, w.as("administrator")))(t)
	if len(list) != all || !slices.IsSortedFunc(list, func(a, b record.Account) int { return strings.Compare(a.Name, b.Name) }) {
		t.Errorf("%d accounts of %d, or in no order", len(list), all)
	}
}

func accountByID(t *testing.T, w *world) {
	for _, id := range []string{"", "\x00", "\xff", "*", "operator", "worker", w.lake.ID, strings.Repeat("a", 26), strings.Repeat("a", 1<<20)} {
		a, err := w.store.AccountByID(t.Context(), id)
		if kind := fault.KindOf(err); a.ID != "" || err == nil || kind != fault.NotFound && kind != fault.Forbidden {
			t.Errorf("%.30q: %+v, %v", id, a, err)
		}
	}
}

// Passwords are stored as a slow hash of their own salt, and an accent typed in
// one way is the same as in the other.
func passwordsAreHashed(t *testing.T, w *world) {
	ctx := t.Context()
	must(w.store.AddAccount(ctx, operator, record.Account{Email: "rene@example.org", Name: "R"}, "Ren\u00e9 walks at dawn"))(t)
	must(w.store.SignIn(ctx, "rene@example.org", "Rene\u0301 walks at dawn"))(t)
	var hashes []string
	err := dbtest.Open(t, w.url, nil).Read(ctx).Table("accounts").Pluck("password", &hashes).Error
	if err != nil {
		t.Fatal(err)
	}
	for i, h := range hashes {
		if !strings.HasPrefix(h, "$argon2id$v=19$m=19456,t=2,p=1$") || strings.Contains(h, password) {
			t.Errorf("stored %q", h)
		}
		if slices.Contains(hashes[:i], h) {
			t.Error("two accounts of one password have one hash")
		}
	}
}

// A burst of sign-ins waits its turn, and gives up with its request.
func signInsAtOnce(t *testing.T, w *world) {
	var wg sync.WaitGroup
	for range 12 {
		wg.Go(func() {
			if _, err := w.store.SignIn(t.Context(), "editor@example.org", password); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	over, cancel := context.WithCancel(t.Context())
	cancel()
	if a, err := w.store.SignIn(over, "editor@example.org", password); err == nil || a.ID != "" {
		t.Error("a request that is over signed in")
	}
}

// What somebody wrote into the database that is no hash lets nobody in.
func damagedHash(t *testing.T, w *world) {
	db := dbtest.Open(t, w.url, nil)
	for _, h := range []string{"", password, "$argon2id$v=19$m=19456,t=2,p=1$$", "$argon2id$v=19$m=1,t=1,p=1$AAAA$AAAA", "$2y$10$abc"} {
		err := db.Write(t.Context(), func(tx *gorm.DB) error {
			return tx.Table("accounts").Where("id = ?", w.as("editor").ID).Update("password", h).Error
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, typed := range []string{password, "", h} {
			if a, err := w.store.SignIn(t.Context(), "editor@example.org", typed); err == nil || a.ID != "" {
				t.Errorf("%q lets %q in", h, typed)
			}
		}
	}
}
