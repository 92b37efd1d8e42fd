package guard

import (
	"strings"

	"github.com/labstack/echo/v4"
)

// MayFrame lets this one answer hold frames of pages of the same side.
func MayFrame(c echo.Context) {
	loosen(c, "default-src 'none';", "default-src 'none'; frame-src 'self';")
}

// Framed lets this one answer stand in a frame of the same side, and run no
// script.
func Framed(c echo.Context) {
	loosen(c, "frame-ancestors 'none'", "frame-ancestors 'self'")
	loosen(c, "script-src 'self'", "script-src 'none'")
}

func loosen(c echo.Context, was, is string) {
	h := c.Response().Header()
	h.Set(echo.HeaderContentSecurityPolicy, strings.Replace(h.Get(echo.HeaderContentSecurityPolicy), was, is, 1))
}
