package guard

import (
	"net"
	"net/http"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"
)

// Hosts answers 421 to every request under another host name than those given.
// A name that a page of somebody else's points at our address gets nothing
// (DNS rebinding). Ports do not count; the comparison is without case.
func Hosts(names ...string) echo.MiddlewareFunc {
	ours := make([]string, len(names))
	for i, n := range names {
		ours[i] = hostname(n)
	}
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			if name := hostname(c.Request().Host); name == "" || !slices.Contains(ours, name) {
				return echo.NewHTTPError(http.StatusMisdirectedRequest)
			}
			return next(c)
		}
	}
}

// hostname is the name in a host header: no port, lower case, no final dot.
func hostname(s string) string {
	if h, _, err := net.SplitHostPort(s); err == nil {
		s = h
	}
	s = strings.TrimSuffix(strings.TrimPrefix(s, "["), "]")
	return strings.TrimSuffix(strings.ToLower(s), ".")
}

// SameOrigin refuses what a page of another origin sends, 403: browsers say
// where a request comes from, and only GET, HEAD and OPTIONS may come from
// anywhere.
func SameOrigin() echo.MiddlewareFunc {
	protection := http.NewCrossOriginProtection()
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			if err := protection.Check(c.Request()); err != nil {
				return echo.ErrForbidden.WithInternal(err)
			}
			return next(c)
		}
	}
}
