package main

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"strings"

	"track15/models/papers/docx"
	"track15/web/browsertest"
)

// answered has everybody asked about the text: the body that it names clears its own
// sentence, one side sends the sheet back as a Word file with two words changed.
// Pia takes the changes over one by one, and then into the text; the consent of the
// body stands, for nothing of its sentence moved.
func (s *story) answered() {
	round, ledger := s.here(), s.draft+"/clearance"
	s.pia.Goto(ledger)
	s.pia.Follow(".btn--main")
	s.saved(s.pia)

	s.pia.Goto(s.asked(ledger, "Harbour Institute"))
	if text := s.pia.Text(".exact"); strings.Contains(text, "whom to call") || !strings.Contains(text, "Harbour Institute showed") {
		s.t.Errorf("a body is shown %q", text)
	}
	s.record("granted")

	norlund := s.asked(ledger, "Norlund")
	s.pia.Goto(norlund)
	var answer docx.Document
	for _, p := range browsertest.Eval[[]string](s.pia, `[...document.querySelectorAll(".exact p")].map(p => p.textContent.trim())`) {
		answer.Blocks = append(answer.Blocks, docx.Block{Text: docx.Plain(strings.NewReplacer("spoke", "talked", "call.", "ring.").Replace(p))})
	}
	var file bytes.Buffer
	if err := docx.Write(&file, answer); err != nil {
		s.t.Fatal(err)
	}
	browsertest.Eval[bool](s.pia, fmt.Sprintf(`(() => {
		const held = new DataTransfer();
		held.items.add(new File([Uint8Array.from(atob(%q), c => c.charCodeAt(0))], "answer.docx"));
		document.querySelector("#f-file").files = held.files;
		return true;
	})()`, base64.StdEncoding.EncodeToString(file.Bytes())))
	s.pia.Follow(`button[formaction$="/compare"]`)
	if n := s.pia.Count(`input[type=radio][value=take]`); n != 2 {
		s.t.Fatalf("%d changes, of two words", n)
	}
	for i := range 2 {
		tick(s.pia, fmt.Sprintf(`input[name="change.%d"][value=take]`, i))
	}
	s.pia.Follow(`form[action*="/wording"] .btn--main`)
	s.saved(s.pia)
	s.record("granted with changes")
	s.pia.Goto(norlund)
	s.pia.Follow(`form[action$="/take"] .btn`)
	s.saved(s.pia)
	s.never = append(s.never, "whom to call")

	s.pia.Goto(ledger)
	for _, name := range []string{"Harbour Institute", "Norlund"} {
		if n := s.pia.Count(fmt.Sprintf(`tbody tr:has(a[href=%q]) .mark--review`, strings.TrimPrefix(s.asked(ledger, name), s.at.desk))); n != 0 {
			s.t.Errorf("the consent of %s does not stand: %s", name, s.pia.Text("tbody"))
		}
	}
	s.pia.Goto(s.draft)
	if text := s.pia.Value("#f-body"); text != "Participants talked about whom to ring." {
		s.t.Errorf("the text says %q", text)
	}
	s.pia.Goto(round)
}

// asked is the address of the sheet of a party that was asked, on the page of the
// ledger.
func (s *story) asked(ledger, name string) string {
	s.t.Helper()
	s.pia.Goto(ledger)
	return browsertest.Eval[string](s.pia, fmt.Sprintf(`[...document.querySelectorAll("tbody tr")].find(r => r.textContent.includes(%q)).querySelector("td a").href`, name))
}

// record writes an answer down on the sheet's page.
func (s *story) record(answer string) {
	s.t.Helper()
	s.pia.Choose("#f-answer", answer)
	s.pia.Choose("#f-channel", "mail")
	s.pia.Fill("#f-said", "As it stands there.")
	s.pia.Follow(`section[aria-labelledby=answer] form .btn--main`)
	s.saved(s.pia)
}

// previewed are the pages that the preview of a release names, with their bytes,
// by their addresses at the public side. Nothing of what must not be public is in
// them.
func (s *story) previewed(release string) map[string]string {
	s.t.Helper()
	all := browsertest.Eval[map[string]string](s.pia, fmt.Sprintf(`(async () => {
		const page = new DOMParser().parseFromString(await (await fetch(%q)).text(), "text/html");
		const all = {};
		for (const a of page.querySelectorAll(".queue a.ref")) all[a.textContent] = await (await fetch(a.getAttribute("href") + "/exact")).text();
		return all;
	})()`, release+"/preview"))
	if len(all) == 0 {
		s.t.Errorf("the preview names no page")
	}
	for path, body := range all {
		for _, secret := range s.never {
			if holds([]byte(body), secret) {
				s.t.Errorf("the preview of %s holds what must not be public", path)
			}
		}
	}
	return all
}

// asShown holds that the public reads what the preview showed, byte for byte.
func (s *story) asShown(shown map[string]string) {
	s.t.Helper()
	for path, body := range shown {
		if now := s.body(path); now != body {
			s.t.Errorf("%s is not as it was shown: %d bytes, %d then", path, len(body), len(now))
		}
	}
}
