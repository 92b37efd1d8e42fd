package guard_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/labstack/echo/v4"

	"track15/web/guard"
)

func TestHostsAnswersItsOwnNamesOnly(t *testing.T) {
	h := serve(guard.Hosts("localhost:8016", "Record.Example.org"), func(c echo.Context) error { return c.NoContent(204) })
	for host, want := range map[string]int{
		"localhost:8016": 204, "localhost": 204, "LOCALHOST:1": 204, "record.example.org.": 204,
		"127.0.0.1:8016": 421, "evil.example": 421, "localhost.evil.example": 421, "": 421, "xlocalhost": 421,
	} {
		r := httptest.NewRequest("GET", "/", nil)
		r.Host = host
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code != want {
			t.Errorf("%q: %d, want %d", host, w.Code, want)
		}
	}
}

func TestHeaders(t *testing.T) {
	for name, m := range map[string]echo.MiddlewareFunc{"public": guard.PublicHeaders(), "desk": guard.DeskHeaders()} {
		t.Run(name, func(t *testing.T) {
			w := httptest.NewRecorder()
			serve(m, func(echo.Context) error { return echo.ErrNotFound }).ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
			csp := w.Header().Get("Content-Security-Policy")
			for _, part := range []string{"default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "script-src 'self'"} {
				if !strings.Contains(csp, part) {
					t.Errorf("the policy lacks %s", part)
				}
			}
			if strings.Contains(csp, "unsafe") {
				t.Errorf("unsafe policy: %s", csp)
			}
			if got := w.Header().Get("Cache-Control"); (got == "no-store") != (name == "desk") {
				t.Errorf("Cache-Control %q", got)
			}
		})
	}
}

func TestStyleNonceIsForOneAnswer(t *testing.T) {
	seen := map[string]bool{}
	h := serve(guard.DeskHeaders(), func(c echo.Context) error { return c.String(200, guard.StyleNonce(c)) })
	for range 3 {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
		nonce := w.Body.String()
		if seen[nonce] || !strings.Contains(w.Header().Get("Content-Security-Policy"), "style-src 'self' 'nonce-"+nonce+"';") {
			t.Errorf("nonce %q, policy %s", nonce, w.Header().Get("Content-Security-Policy"))
		}
		seen[nonce] = true
	}
}

func TestBodyOfMoreThanTheLimitIsRefused(t *testing.T) {
	h := serve(guard.Body(4), func(c echo.Context) error {
		var b [16]byte
		n, err := c.Request().Body.Read(b[:])
		if err != nil && n > 4 {
			t.Error("read over the limit")
		}
		return c.NoContent(204)
	})
	for body, want := range map[string]int{"1234": 204, "12345": 413} {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest("POST", "/", strings.NewReader(body)))
		if w.Code != want {
			t.Errorf("%q: %d, want %d", body, w.Code, want)
		}
	}
}

func TestSameOriginRefusesOtherPages(t *testing.T) {
	h := serve(guard.SameOrigin(), func(c echo.Context) error { return c.NoContent(204) })
	for _, tt := range []struct {
		method, site, origin string
		want                 int
	}{
		{"POST", "same-origin", "", 204},
		{"POST", "cross-site", "", 403},
		{"POST", "same-site", "", 403},
		{"POST", "", "http://evil.example", 403},
		{"POST", "", "http://example.com", 204},
		{"GET", "cross-site", "", 204},
	} {
		r := httptest.NewRequest(tt.method, "/", nil)
		if tt.site != "" {
			r.Header.Set("Sec-Fetch-Site", tt.site)
		}
		if tt.origin != "" {
			r.Header.Set("Origin", tt.origin)
		}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code != tt.want {
			t.Errorf("%+v: %d", tt, w.Code)
		}
	}
}

func TestAttempts(t *testing.T) {
	now := time.Unix(1_000_000, 0)
	a := guard.NewAttempts(func() time.Time { return now })
	tries := func(name string) (n int) {
		for a.Allow(name) == nil {
			n++
		}
		return n
	}
	if n := tries("a@example.org"); n != 5 {
		t.Errorf("%d tries for a name, want 5", n)
	}
	if a.Allow(" A@Example.org ") == nil {
		t.Error("case and space make another name")
	}
	now = now.Add(time.Minute)
	if n := tries("a@example.org"); n != 1 {
		t.Errorf("%d tries after a minute, want 1", n)
	}
	a.Forgive("a@example.org")
	if a.Allow("a@example.org") != nil {
		t.Error("a right password does not forgive")
	}
	others := 0
	for i := range 200 {
		if a.Allow(strings.Repeat("x", i)+"@example.org") == nil {
			others++
		}
	}
	if others < 40 || others > 60 {
		t.Errorf("%d tries for all names at once, want about 60", others)
	}
}

func TestSession(t *testing.T) {
	now := time.Now()
	store := &memory{kept: map[string][]byte{}}
	accounts := map[string]string{"a": "Ilse"}
	s := guard.NewSession(store, func(_ context.Context, id string) (string, error) { return accounts[id], nil }, func() time.Time { return now })
	e := echo.New()
	e.Use(s.Load)
	e.GET("/", func(c echo.Context) error {
		name, ok := s.Account(c)
		covered, locked := s.Covered(c)
		return c.JSON(200, []any{name, ok, covered, locked})
	})
	e.POST("/in", func(c echo.Context) error { return s.SignIn(c, "a") })
	e.POST("/out", func(c echo.Context) error { return s.SignOut(c) })
	e.POST("/cover", func(c echo.Context) error { return s.Cover(c, "/rounds") })
	e.POST("/uncover", func(c echo.Context) error {
		back, err := s.Uncover(c)
		if err != nil {
			return err
		}
		return c.String(200, back)
	})
	jar := ""
	do := func(method, path string) (string, http.Header) {
		t.Helper()
		r := httptest.NewRequest(method, path, nil)
		if jar != "" {
			r.Header.Set("Cookie", jar)
		}
		w := httptest.NewRecorder()
		e.ServeHTTP(w, r)
		for _, c := range w.Result().Cookies() {
			if c.Name != "__Host-track15" || !c.Secure || !c.HttpOnly || c.Path != "/" || c.Domain != "" || c.SameSite != http.SameSiteLaxMode {
				t.Errorf("cookie %v", c)
			}
			if len(w.Result().Cookies()) != 1 {
				t.Error("more than one cookie")
			}
			jar = c.Name + "=" + c.Value
			if c.MaxAge < 0 {
				jar = ""
			}
		}
		return strings.TrimSpace(w.Body.String()), w.Header()
	}
	is := func(want string) {
		t.Helper()
		if got, _ := do("GET", "/"); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}

	is(`["",false,false,false]`)
	if len(store.kept) != 0 {
		t.Error("a session was begun for nobody")
	}
	jar = "__Host-track15=guessed"
	do("POST", "/in")
	if strings.Contains(jar, "guessed") {
		t.Error("a token from before the sign-in was kept")
	}
	is(`["Ilse",true,false,false]`)
	_, token, _ := strings.Cut(jar, "=")
	for kept := range store.kept {
		if kept == token {
			t.Error("the store holds the token itself")
		}
	}
	do("POST", "/cover")
	is(`["Ilse",true,true,false]`)
	now = now.Add(61 * time.Second)
	is(`["Ilse",true,true,true]`)
	if back, _ := do("POST", "/uncover"); back != "/rounds" {
		t.Errorf("returns to %q", back)
	}
	is(`["Ilse",true,false,false]`)

	stolen := jar
	if _, h := do("POST", "/out"); h.Get("Clear-Site-Data") == "" {
		t.Error("the browser is not told to forget")
	}
	if len(store.kept) != 0 {
		t.Error("the session outlives the sign-out")
	}
	jar = stolen
	is(`["",false,false,false]`)
}

func serve(m echo.MiddlewareFunc, h echo.HandlerFunc) http.Handler {
	e := echo.New()
	e.Pre(m)
	e.Any("/*", h)
	return e
}

// memory keeps sessions for the length of a test.
type memory struct{ kept map[string][]byte }

func (m *memory) Delete(token string) error { delete(m.kept, token); return nil }
func (m *memory) Find(token string) ([]byte, bool, error) {
	b, ok := m.kept[token]
	return b, ok, nil
}
func (m *memory) Commit(token string, b []byte, _ time.Time) error { m.kept[token] = b; return nil }
func (m *memory) DeleteCtx(_ context.Context, token string) error  { return m.Delete(token) }
func (m *memory) FindCtx(_ context.Context, token string) ([]byte, bool, error) {
	return m.Find(token)
}

func (m *memory) CommitCtx(_ context.Context, token string, b []byte, at time.Time) error {
	return m.Commit(token, b, at)
}
