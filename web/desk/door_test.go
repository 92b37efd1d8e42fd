package desk_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"
)

func TestSignIn(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, w *world) {
		w.person("director")
		v := w.visit()
		try := func(email, pass string) page {
			return v.post("/sign-in", url.Values{"email": {email}, "password": {pass}})
		}
		wrong := try("director@example.org", "wrong").is(422).has(".error-summary", "The address or the password is wrong.")
		unknown := try("nobody@example.org", "wrong").is(422)
		if wrong.text("main") != unknown.text("main") {
			t.Error("an unknown address reads otherwise than a wrong password")
		}
		wrong.hasNot("value=\"wrong\"")
		if v.cookie != "" {
			t.Error("a refused sign-in got a cookie")
		}
		for range 3 {
			try("nobody@example.org", "wrong")
		}
		try("nobody@example.org", "wrong")
		try("nobody@example.org", "wrong").is(429).has(".error-summary", "Too many tries")
		for _, hasNot := range []string{"nobody", "wrong"} {
			if strings.Contains(w.log.String(), hasNot) {
				t.Errorf("the log holds %q", hasNot)
			}
		}

		for next, want := range map[string]string{
			"/rounds": "/rounds", "//evil.example/": "/", "https://evil.example/": "/", "/\\evil.example": "/", "/sign-out": "/",
		} {
			v := w.visit()
			got := v.raw(http.MethodPost, "/sign-in", url.Values{"email": {"director@example.org"}, "password": {password}, "next": {next}})
			if got.Code != 303 || got.Header().Get("Location") != want {
				t.Errorf("next %q leads to %d %q, want %q", next, got.Code, got.Header().Get("Location"), want)
			}
		}

		v = w.as("director")
		stolen := v.cookie
		out := v.raw(http.MethodPost, "/sign-out", url.Values{})
		if out.Header().Get("Clear-Site-Data") == "" {
			t.Error("the browser is not told to forget")
		}
		v.cookie = stolen
		if p := v.get("/rounds"); p.path != "/sign-in" {
			t.Errorf("a session outlives its end: %s", p.path)
		}
	})
}

func TestCoverHidesEverything(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, w *world) {
		v := w.as("director")
		p := v.post("/cover", url.Values{"return": {"/series"}}).is(200)
		if p.path != "/cover" {
			t.Fatalf("led to %s", p.path)
		}
		p.has("title", "Covered").hasNot("The director", "Kasmere", "Series")
		for _, path := range []string{"/", "/rounds", "/series", "/audit", "/shortcuts"} {
			if p := v.get(path); p.path != "/cover" {
				t.Errorf("%s is open while the screen is covered", path)
			}
		}
		v.get("/no-such-page").is(404).hasNot("The director")
		if p := v.post("/uncover", url.Values{}).is(200); p.path != "/series" {
			t.Errorf("returns to %s", p.path)
		}

		v.post("/cover", url.Values{"return": {"//evil.example"}})
		w.now = w.now.Add(2 * time.Minute)
		v.get("/").has("main", "Your password opens it again")
		v.post("/uncover", url.Values{}).is(422).has(".error-summary", "This is not your password.")
		if p := v.post("/uncover", url.Values{"password": {password}}).is(200); p.path != "/" {
			t.Errorf("returns to %s", p.path)
		}
	})
}

func TestRequestsFromElsewhereAreRefused(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, w *world) {
		v := w.as("director")
		send := func(change func(*http.Request)) int {
			r := httptest.NewRequest(http.MethodPost, "/series/new", strings.NewReader("name=x"))
			r.Host = host
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			r.Header.Set("Cookie", v.cookie)
			change(r)
			rec := httptest.NewRecorder()
			w.handler.ServeHTTP(rec, r)
			if rec.Header().Get("Cache-Control") != "no-store" {
				t.Error("an error may be stored")
			}
			return rec.Code
		}
		for name, tt := range map[string]struct {
			status int
			change func(*http.Request)
		}{
			"another site":   {403, func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "cross-site") }},
			"another origin": {403, func(r *http.Request) { r.Header.Set("Origin", "https://evil.example") }},
			"another name":   {421, func(r *http.Request) { r.Host = "localhost:8016" }},
			"another type":   {415, func(r *http.Request) { r.Header.Set("Content-Type", "multipart/form-data; boundary=x") }},
			"too long":       {413, func(r *http.Request) { r.ContentLength = 5 << 20 }},
			"broken":         {422, func(r *http.Request) { r.Body = http.NoBody; r.URL.RawQuery = ""; r.Body = body("name=%zz") }},
		} {
			if got := send(tt.change); got != tt.status {
				t.Errorf("%s: %d, want %d", name, got, tt.status)
			}
		}
		w.as("director").get("/series").hasNot(">x<")
	})
}
