package release_test

import (
	"fmt"
	"strings"
	"testing"

	"track15/models/fault"
	"track15/models/published"
	"track15/models/record"
	"track15/models/release"
)

// A suspended round and its text, as somebody finds them who writes rows by
// hand.
type forging struct {
	*world
	round      record.Round
	output     record.Output
	slug, text string
}

// suspended has a round suspended with its text, from which "Marrowby" was
// redacted before.
func (w *world) suspended() forging {
	w.Helper()
	f := forging{world: w, slug: "kasmere-dialogue-5th-round", text: "kasmere-dialogue-5th-round-summary"}
	f.round = w.round(w.ann, "5th round", w.exact("tank", 0))
	f.output = w.text(w.ann, f.round.ID, "Marrowby minutes")
	w.pass(w.prepare(release.PrepareRequest{RoundID: f.round.ID, OutputIDs: []string{f.output.ID}}).ID)
	f.rewrite("Minutes")
	w.pass(w.prepare(release.PrepareRequest{RoundID: f.round.ID, OutputIDs: []string{f.output.ID}}).ID)
	must(w.service.Suspend(w.Context(), w.ann, published.KindRound, f.slug, password))(w.T)
	w.deliver(1)
	return f
}

// rewrite saves a version of the text under another title.
func (f *forging) rewrite(title string) {
	f.Helper()
	f.output = must(f.store.Output(f.Context(), operator, f.output.ID))(f.T)
	d := f.output.Draft
	d.Title, d.Body = title, "Body of "+title
	must(f.store.SaveDraft(f.Context(), f.ann, f.output.ID, d.Number, d))(f.T)
}

// What fell with its round comes back with it, from what was delivered before.
// Bytes put there since with their hash, a version that nobody signed, one that
// was redacted, and what was withdrawn for its own sake do not come back, in
// whatever rows somebody writes that they should.
func TestWhatComesBackIsWhatWasSigned(t *testing.T) {
	for _, tt := range []struct {
		name  string
		forge func(f forging)
	}{
		{"other bytes", func(f forging) {
			body := must(f.service.ReleasedDocument(f.Context(), f.ann, published.KindOutput, f.text))(f.T).Body
			d := published.Document{Kind: published.KindOutput, Slug: f.text, Body: []byte(strings.ReplaceAll(string(body), "Minutes", "Forged minutes"))}
			f.tamper("UPDATE release_documents SET body = ?, hash = ? WHERE slug = ?", d.Body, d.Hash(), f.text)
		}},
		{"a version that nobody signed", func(f forging) {
			f.rewrite("Forged minutes")
			frozen := f.prepare(release.PrepareRequest{RoundID: f.round.ID, OutputIDs: []string{f.output.ID}})
			f.tamper(`UPDATE release_state SET release_id = ?, document = (SELECT position FROM release_documents WHERE release_id = ? AND slug = ?)
				WHERE slug = ?`, frozen.ID, frozen.ID, f.text, f.text)
		}},
		{"the version before the redaction", func(f forging) {
			f.tamper(`UPDATE release_state SET release_id = (SELECT id FROM releases WHERE number = 1),
				document = (SELECT position FROM release_documents d JOIN releases r ON r.id = d.release_id WHERE r.number = 1 AND d.slug = ?)
				WHERE slug = ?`, f.text, f.text)
		}},
		{"another document of its release", func(f forging) {
			f.tamper(`UPDATE release_state SET release_id = (SELECT id FROM releases WHERE number = 1), document = 1 WHERE slug = ?`, f.text)
		}},
		{"what was withdrawn for its own sake", func(f forging) {
			f.pass(must(f.service.PrepareWithdrawal(f.Context(), f.ann, published.KindOutput, f.text, withNotice))(f.T).ID)
			f.tamper("UPDATE release_state SET notice = '' WHERE slug = ?", f.text)
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			both(t, func(w *world) {
				f := w.suspended()
				tt.forge(f)
				back := must(w.service.PrepareRestoration(w.Context(), w.ann, published.KindRound, f.slug))(w.T)
				w.refused(tt.name, back.ID, func() {
					w.sign(back.ID)
					if err := w.service.Countersign(w.Context(), w.bob, back.ID, password); err != nil {
						w.Fatal(err)
					}
				})
				bodies := must(w.writer.Bodies(w.Context(), published.KindOutput, []string{f.text}))(w.T)
				if len(bodies) > 0 {
					w.Errorf("the text is public: %s", bodies[f.text])
				}
			})
		})
	}
	t.Run("nothing forged", func(t *testing.T) {
		both(t, func(w *world) {
			f := w.suspended()
			w.pass(must(w.service.PrepareRestoration(w.Context(), w.ann, published.KindRound, f.slug))(w.T).ID)
			if _, there := w.public()["output/"+f.text]; !there {
				w.Error("the text did not come back")
			}
		})
	})
}

// refused holds that what do brings to delivery is refused: no number, no step
// on the public side.
func (w *world) refused(name, id string, do func()) {
	w.Helper()
	digest := must(w.service.Digest(w.Context()))(w.T)
	do()
	w.deliver(0)
	if got := w.state(id); got.State != record.Refused || got.Number != 0 {
		w.Errorf("%s: the release is %s with number %d", name, got.State, got.Number)
	}
	if must(w.service.Digest(w.Context()))(w.T) != digest {
		w.Errorf("%s: what is public changed", name)
	}
}

// Rows that somebody writes by hand make nothing public: a release is what two
// people signed, to the last row, or it is refused.
func TestForgedReleasesAreRefused(t *testing.T) {
	queue := func(f forging, id string) {
		f.tamper("DELETE FROM timings WHERE release_id = ?", id)
		f.tamper("INSERT INTO timings VALUES (?, ?, 'at_once', 0, 0, '', 0, '', '', 0, '', '', '', 0, '', '', '', '')", id, f.series.ID)
		f.tamper("UPDATE releases SET state = 'countersigned', queued = 99 WHERE id = ?", id)
	}
	forgeries := []struct {
		name       string
		signatures int // that people gave before
		forge      func(f forging, id string)
	}{
		{"no signature", 0, queue},
		{"one signature", 1, queue},
		{"the first signature twice", 1, func(f forging, id string) {
			f.tamper(`INSERT INTO release_signatures (release_id, position, account_id, name, signed_at, mac)
				SELECT release_id, 2, account_id, name, signed_at, mac FROM release_signatures WHERE release_id = ?`, id)
			queue(f, id)
		}},
		{"the first signature in another's name", 1, func(f forging, id string) {
			f.tamper(`INSERT INTO release_signatures (release_id, position, account_id, name, signed_at, mac)
				SELECT release_id, 2, ?, 'Bob', signed_at, mac FROM release_signatures WHERE release_id = ?`, f.bob.ID, id)
			queue(f, id)
		}},
		{"the signatures of another release", 0, func(f forging, id string) {
			f.tamper(`INSERT INTO release_signatures (release_id, position, account_id, name, signed_at, mac)
				SELECT ?, position, account_id, name, signed_at, mac FROM release_signatures
				WHERE release_id = (SELECT id FROM releases WHERE number = 1)`, id)
			queue(f, id)
		}},
		{"the row of another release under its signatures", 2, func(f forging, id string) {
			f.tamper("UPDATE releases SET hash = (SELECT hash FROM releases WHERE number = 1) WHERE id = ?", id)
		}},
		{"the kind, which asks for one person", 2, func(f forging, id string) {
			f.tamper("UPDATE releases SET kind = 'suspension' WHERE id = ?", id)
		}},
		{"a document with its hash", 2, func(f forging, id string) {
			d := published.Document{Kind: published.KindRound, Slug: "kasmere-dialogue-6th-round", Body: []byte(`{"forged":true}`)}
			f.tamper("UPDATE release_documents SET body = ?, hash = ? WHERE release_id = ? AND kind = 'round'", d.Body, d.Hash(), id)
		}},
		{"the address of a document", 2, func(f forging, id string) {
			f.tamper("UPDATE release_documents SET slug = 'forged' WHERE release_id = ? AND kind = 'round'", id)
		}},
		{"one document more", 2, func(f forging, id string) {
			f.tamper(`INSERT INTO release_documents (release_id, position, kind, slug, hash, body, object_id, base, within, within_series, names, observations, sealed)
				SELECT ?, 99, kind, slug, hash, body, object_id, (SELECT changed_by FROM release_state s WHERE s.slug = d.slug), within, within_series, names, observations, sealed
				FROM release_documents d WHERE slug = ? AND release_id = (SELECT id FROM releases WHERE number = 1)`, id, f.text)
		}},
		{"one document less", 2, func(f forging, id string) {
			f.tamper("DELETE FROM release_documents WHERE release_id = ? AND position = 1", id)
		}},
		{"something that it takes away", 2, func(f forging, id string) {
			f.tamper("INSERT INTO release_drops (release_id, position, kind, slug, notice, reason, object_id) VALUES (?, 1, 'round', ?, 'withdrawn', 'Forged.', ?)", id, f.slug, f.round.ID)
		}},
	}
	both(t, func(w *world) {
		f := w.suspended()
		for i, tt := range forgeries {
			made := w.prepare(release.PrepareRequest{RoundID: w.round(w.ann, fmt.Sprintf("forged round %d", i), w.exact("tank", 0)).ID})
			w.refused(tt.name, made.ID, func() {
				if tt.signatures > 0 {
					w.sign(made.ID)
				}
				if tt.signatures > 1 {
					if err := w.service.Countersign(w.Context(), w.bob, made.ID, password); err != nil {
						w.Fatal(tt.name, err)
					}
				}
				tt.forge(f, made.ID)
			})
		}
		w.stillWhole()
	})
}

// stillWhole holds that the audit chain, which tells of every act, is untouched
// and that the log of what was delivered folds to what is public.
func (w *world) stillWhole() {
	w.Helper()
	if report := must(w.store.VerifyAudit(w.Context(), operator))(w.T); report.Broken != 0 {
		w.Errorf("the audit chain: %+v", report)
	}
	digest := must(w.service.Digest(w.Context()))(w.T)
	if err := w.service.Rebuild(w.Context(), operator); err != nil {
		w.Error(err)
	}
	if must(w.service.Digest(w.Context()))(w.T) != digest {
		w.Error("folding the log again gives something else")
	}
}

// A forged entry of the log is noticed before anything of it is public, and by
// who verifies: delivery and folding again fail, a changed entry of the audit
// chain is named.
func TestForgedLogsAreNoticed(t *testing.T) {
	line := `INSERT INTO release_log (number, position, kind, slug, document_of, document, notice, reason) VALUES (?, ?, 'round', 'kasmere-dialogue-6th-round', ?, 1, '', '')`
	for _, tt := range []struct {
		name  string
		forge func(w *world, id string)
	}{
		{"a number for what nobody signed", func(w *world, id string) {
			w.tamper("UPDATE releases SET state = 'due', number = 4, numbered_at = 1 WHERE id = ?", id)
			w.tamper(line, 4, 1, id)
		}},
		{"a number and the MAC of another entry", func(w *world, id string) {
			w.tamper(`UPDATE releases SET state = 'due', number = 4, numbered_at = (SELECT numbered_at FROM releases WHERE number = 3),
				log_mac = (SELECT log_mac FROM releases WHERE number = 3) WHERE id = ?`, id)
			w.tamper(line, 4, 1, id)
		}},
		{"an older entry with one line more", func(w *world, id string) {
			w.tamper(line, 3, 99, id)
			w.tamper("UPDATE releases SET state = 'due' WHERE number = 3")
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			both(t, func(w *world) {
				w.suspended()
				made := w.prepare(release.PrepareRequest{RoundID: w.round(w.ann, "6th round", w.exact("tank", 0)).ID})
				digest := must(w.service.Digest(w.Context()))(w.T)
				tt.forge(w, made.ID)
				if n, err := w.service.Deliver(w.Context()); fault.KindOf(err) != fault.Forbidden || n != 0 {
					w.Errorf("delivered %d: %v", n, err)
				}
				fails(w.T, fault.Forbidden, w.service.Rebuild(w.Context(), operator))
				if must(w.service.Digest(w.Context()))(w.T) != digest {
					w.Error("what is public changed")
				}
			})
		})
	}
	t.Run("an entry of the audit chain", func(t *testing.T) {
		both(t, func(w *world) {
			w.suspended()
			last := must(w.store.VerifyAudit(w.Context(), operator))(w.T).Entries
			w.tamper("UPDATE audit SET bytes = ? WHERE number = ?", []byte(`{"forged":true}`), last-3)
			if report := must(w.store.VerifyAudit(w.Context(), operator))(w.T); report.Broken != last-3 {
				w.Errorf("of %d entries: %+v", last, report)
			}
		})
	})
}
