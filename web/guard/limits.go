package guard

import (
	"crypto/rand"
	"crypto/sha256"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/labstack/echo/v4"
	"golang.org/x/time/rate"
)

// Body refuses a request body of more than limit bytes with 413: at once if its
// length is given, else where it is read.
func Body(limit int64) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			r := c.Request()
			if r.ContentLength > limit {
				return echo.ErrStatusRequestEntityTooLarge
			}
			r.Body = http.MaxBytesReader(c.Response(), r.Body, limit)
			return next(c)
		}
	}
}

// Attempts slows down guessing: so many tries for one name, so many for all
// names together. It keeps no name, only its keyed digest, and never more than
// a bounded number of those. Safe for use by several goroutines.
type Attempts struct {
	clock func() time.Time
	key   [32]byte

	mu    sync.Mutex
	all   *rate.Limiter
	names map[[32]byte]*rate.Limiter
}

const (
	perName  = 5      // tries at once for one name, then one a minute
	perHouse = 60     // tries at once for all names, then one a second
	maxNames = 10_000 // names remembered
)

// NewAttempts returns a counter of tries that reads time from clock.
func NewAttempts(clock func() time.Time) *Attempts {
	a := &Attempts{clock: clock, all: rate.NewLimiter(1, perHouse), names: map[[32]byte]*rate.Limiter{}}
	_, _ = rand.Read(a.key[:]) // never fails
	return a
}

// Allow counts one try for the name and fails with 429 if that is too many.
// Case and space around the name do not make it another.
func (a *Attempts) Allow(name string) error {
	sum := sha256.Sum256(append(a.key[:], strings.ToLower(strings.TrimSpace(name))...))
	now := a.clock()
	a.mu.Lock()
	defer a.mu.Unlock()
	l := a.names[sum]
	if l == nil {
		if len(a.names) >= maxNames {
			a.forget(now)
		}
		if len(a.names) >= maxNames {
			return echo.ErrTooManyRequests
		}
		l = rate.NewLimiter(rate.Every(time.Minute), perName)
		a.names[sum] = l
	}
	if !l.AllowN(now, 1) || !a.all.AllowN(now, 1) {
		return echo.ErrTooManyRequests
	}
	return nil
}

// Forgive forgets the tries for a name whose password was right.
func (a *Attempts) Forgive(name string) {
	sum := sha256.Sum256(append(a.key[:], strings.ToLower(strings.TrimSpace(name))...))
	a.mu.Lock()
	defer a.mu.Unlock()
	delete(a.names, sum)
}

// forget drops the names that could try as often as new ones.
func (a *Attempts) forget(now time.Time) {
	for sum, l := range a.names {
		if l.TokensAt(now) >= perName {
			delete(a.names, sum)
		}
	}
}
