package guard

import (
	"context"
	"net/http"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/labstack/echo/v4"

	"track15/models/fault"
)

const (
	// Idle is how long a session lives without a request, Longest how long at
	// most.
	Idle    = 15 * time.Minute
	Longest = 12 * time.Hour

	// cookieName binds the cookie to this host name, to the root path, and to
	// secure connections. Browsers count http on localhost as one.
	cookieName = "__Host-track15"

	// stale is how old the mark of the last request may grow before a request
	// writes a new one. Reading pages then costs one write a minute.
	stale = time.Minute

	// coverGrace is how long a covered session returns without a password.
	coverGrace = time.Minute
)

// keys in a session's data
const (
	keyID      = "id"      // whose session it is
	keyTouched = "touched" // unix seconds of the last request that was written down
	keyCovered = "covered" // unix seconds since when the screen is covered
	keyReturn  = "return"  // path to return to
)

// A Session knows who a request comes from. A is the account as the look-up
// returns it; the guard does not look into it.
type Session[A any] struct {
	manager *scs.SessionManager
	lookup  func(ctx context.Context, id string) (A, error)
	clock   func() time.Time
}

// NewSession keeps sessions in the store, under the digest of their token.
// lookup returns the account with an id; NotFound ends the session.
func NewSession[A any](store scs.CtxStore, lookup func(ctx context.Context, id string) (A, error), clock func() time.Time) *Session[A] {
	m := scs.New()
	m.Store = store
	m.HashTokenInStore = true
	m.IdleTimeout, m.Lifetime = Idle, Longest
	return &Session[A]{manager: m, lookup: lookup, clock: clock}
}

type contextKey struct{}

// Load reads the session of a request and looks its account up, which Account
// then returns. A request without a session goes on without an account.
func (s *Session[A]) Load(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		token := ""
		if cookie, err := c.Cookie(cookieName); err == nil {
			token = cookie.Value
		}
		ctx, err := s.manager.Load(c.Request().Context(), token)
		if err != nil {
			return err
		}
		id := s.manager.GetString(ctx, keyID)
		if id == "" {
			c.SetRequest(c.Request().WithContext(ctx))
			return next(c)
		}
		account, err := s.lookup(ctx, id)
		switch {
		case fault.KindOf(err) == fault.NotFound:
			if err := s.end(c, ctx); err != nil {
				return err
			}
		case err != nil:
			return err
		default:
			if err := s.touch(ctx); err != nil {
				return err
			}
			ctx = context.WithValue(ctx, contextKey{}, account)
		}
		c.SetRequest(c.Request().WithContext(ctx))
		return next(c)
	}
}

// touch writes down that the session is in use, at most once in stale.
func (s *Session[A]) touch(ctx context.Context) error {
	now := s.clock().Unix()
	if time.Duration(now-s.manager.GetInt64(ctx, keyTouched))*time.Second < stale {
		return nil
	}
	s.manager.Put(ctx, keyTouched, now)
	_, _, err := s.manager.Commit(ctx)
	return err
}

// Account returns who the request comes from, and whether anybody signed in.
func (s *Session[A]) Account(c echo.Context) (A, bool) {
	a, ok := c.Request().Context().Value(contextKey{}).(A)
	return a, ok
}

// SignIn begins a session for the account with that id, under a new token.
func (s *Session[A]) SignIn(c echo.Context, id string) error {
	ctx := c.Request().Context()
	if err := s.manager.Clear(ctx); err != nil {
		return err
	}
	if err := s.manager.RenewToken(ctx); err != nil {
		return err
	}
	s.manager.Put(ctx, keyID, id)
	s.manager.Put(ctx, keyTouched, s.clock().Unix())
	token, _, err := s.manager.Commit(ctx)
	if err != nil {
		return err
	}
	s.cookie(c, token)
	return nil
}

// SignOut ends the session and tells the browser to forget what it holds.
func (s *Session[A]) SignOut(c echo.Context) error {
	return s.end(c, c.Request().Context())
}

func (s *Session[A]) end(c echo.Context, ctx context.Context) error {
	if err := s.manager.Destroy(ctx); err != nil {
		return err
	}
	s.cookie(c, "")
	c.Response().Header().Set("Clear-Site-Data", `"cache", "cookies", "storage"`)
	return nil
}

// Cover hides the session's pages behind a covered one until Uncover. back is
// the path to return to.
func (s *Session[A]) Cover(c echo.Context, back string) error {
	ctx := c.Request().Context()
	if s.manager.GetInt64(ctx, keyCovered) == 0 {
		s.manager.Put(ctx, keyCovered, s.clock().Unix())
		s.manager.Put(ctx, keyReturn, back)
	}
	_, _, err := s.manager.Commit(ctx)
	return err
}

// Covered reports whether the screen is covered, and whether it has been so for
// so long that only the password opens it again.
func (s *Session[A]) Covered(c echo.Context) (covered, locked bool) {
	if _, ok := s.Account(c); !ok {
		return false, false
	}
	since := s.manager.GetInt64(c.Request().Context(), keyCovered)
	return since != 0, since != 0 && s.clock().Unix()-since > int64(coverGrace/time.Second)
}

// Uncover shows the session's pages again and returns the path to return to.
func (s *Session[A]) Uncover(c echo.Context) (back string, err error) {
	ctx := c.Request().Context()
	back = s.manager.PopString(ctx, keyReturn)
	s.manager.Remove(ctx, keyCovered)
	_, _, err = s.manager.Commit(ctx)
	return back, err
}

// cookie hands the browser a token, which it keeps until it closes; "" takes
// it away.
func (s *Session[A]) cookie(c echo.Context, token string) {
	cookie := &http.Cookie{Name: cookieName, Value: token, Path: "/", HttpOnly: true, Secure: true, SameSite: http.SameSiteLaxMode}
	if token == "" {
		cookie.MaxAge = -1
	}
	c.SetCookie(cookie)
}
