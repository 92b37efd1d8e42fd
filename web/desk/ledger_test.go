package desk_test

import (
	"context"
	"maps"
	"net/url"
	"strings"
	"testing"
)

// asked is the page of the one asking about which the ledger says who.
func (v *visitor) asked(ledger, who string) string {
	v.w.t.Helper()
	p := v.get(ledger).is(200)
	for _, n := range p.all("tr") {
		if !strings.Contains(text(n), who) {
			continue
		}
		for _, a := range p.all("tr a") {
			if href := attr(a, "href"); strings.Contains(href, "/clearance/") && within(a, n) {
				return strings.TrimSuffix(href, "#answer")
			}
		}
	}
	v.w.t.Fatalf("nobody asked %s", who)
	return ""
}

// A text is asked for, answered with changes, edited, and only then signed by
// somebody who recorded no answer.
func TestClearanceFromTheSheetToTheSignature(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		_, summary := w.held()
		ledger := "/drafts/" + summary.ID + "/clearance"
		v := w.as("coordinator")
		v.get("/drafts/"+summary.ID).is(200).has("main", "Clearance")
		p := v.get(ledger).is(200).has("h1", "Clearance").has("h1 + .mark, .page-h .mark", "Not cleared").has("tbody", "Kasmere").has("tbody", "Norlund").has("tbody", "It was not asked")
		w.as("editor").get(ledger).is(404).hasNot("Kasmere")
		w.as("editor").get("/drafts/" + summary.ID).is(200).hasNot("/clearance")

		refused := v.send(p, ledger, url.Values{"due": {"soon"}, "silence": {"Agreed in March"}}).is(422).has(".error-summary", "Enter a day")
		if refused.form(ledger).Get("silence") != "Agreed in March" {
			t.Error("what was typed is lost")
		}
		v.send(refused, ledger, url.Values{"due": {"2026-03-30"}, "silence": {""}}).is(200).has("tbody", "No answer yet")
		kasmere := v.asked(ledger, "Kasmere")
		sheet := v.get(kasmere).is(200).has(".a4", "For your clearance").has(".a4", "请予确认").has(".a4", "No answer is not a yes").has(".a4", "30 March 2026")
		mail := sheet.text("#mail")
		_, code, _ := strings.Cut(mail, "文本代码: ")
		if code = code[:min(24, len(code))]; len(code) != 24 || !strings.Contains(sheet.text(".a4"), code) || !strings.Contains(mail, "请予确认") {
			t.Errorf("the mail says %q", mail)
		}
		w.as("editor").get(kasmere).is(404)

		form := sheet.form(kasmere)
		answer := func(fill url.Values, file string) page {
			for name, all := range fill {
				form[name] = all
			}
			return v.upload(kasmere, form, map[bool]string{true: "letter.txt"}[file != ""], file)
		}
		yes := url.Values{"answer": {"granted"}, "on": {"2026-03-16"}, "channel": {"letter"}, "said": {"Hushhush yes"}}
		answer(yes, "").is(200)
		v.get(ledger).is(200).has("tbody", "Granted, 16 March 2026, by letter").has("tbody", "Stands").hasNot("Hushhush")
		form = v.get(kasmere).is(200).has("main", "Hushhush yes").has("main", "Recorded by The coordinator").form(kasmere)
		answer(url.Values{"code": {"1111 2222 3333 4444 5555"}, "said": {"Kept"}}, "").is(422).has(".error-summary", "not the text code").has("textarea", "Kept")
		answer(url.Values{"answer": {"granted with changes"}, "code": {code}, "on": {"2026-03-16"}, "channel": {"mail"}, "said": {"One word"}, "wording.0": {"Better title"}}, "their letter").is(200)
		v.get(ledger).is(200).has("tbody", "Because the text does not have its changes yet")
		if got := v.get(kasmere + "/evidence").is(200); got.body != "their letter" {
			t.Errorf("evidence is %q", got.body)
		}

		// Its words are taken over: now it stands, and the other side is asked again.
		p = v.get("/drafts/" + summary.ID)
		v.send(p, "/drafts/"+summary.ID, url.Values{"title": {"Better title"}}).is(200)
		v.get(ledger).is(200).has("tbody", "With its changes").has("tbody", "It was asked about other words")
		v.send(v.get(ledger), ledger, nil).is(200)
		norlund := v.asked(ledger, "Norlund")
		form = v.get(norlund).form(norlund)
		maps.Copy(form, yes)
		v.upload(norlund, form, "", "").is(200)
		v.get(ledger).is(200).has(".page-h", "Cleared")

		// A person changes the list, with a reason.
		p = v.get(ledger)
		need := ledger + "/need"
		v.send(p, need, url.Values{"need": {"nothing"}}).is(422).has(".error-summary", "Say why")
		v.send(p, need, url.Values{"need": {"nothing"}, "reason": {"They wrote it."}}).is(200).has("tbody", "Nothing, says The coordinator: They wrote it.")

		// The log holds ids and acts, no words.
		if strings.Contains(w.log.String(), "Hushhush") {
			t.Error("an answer stands in the log")
		}
		l, err := w.record.Ledger(ctx, w.operator, summary.ID)
		w.must(err)
		if len(l.Askings) != 3 {
			t.Errorf("%d askings", len(l.Askings))
		}
	})
}
