// Package guard stands before every handler: headers, host names, limits, the
// session. It imports no store and no record; whoever mounts it hands in what
// it has to ask.
package guard

import (
	"crypto/rand"
	"strings"

	"github.com/labstack/echo/v4"
)

// policy is the content security policy of both sides. Nothing inline, nothing
// from elsewhere, no frame around a page.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// permissions turns off what no page here uses.
const permissions = "accelerometer=(), autoplay=(), camera=(), display-capture=(), encrypted-media=(), fullscreen=(), geolocation=(), gyroscope=(), hid=(), magnetometer=(), microphone=(), midi=(), payment=(), publickey-credentials-create=(self), publickey-credentials-get=(self), serial=(), usb=(), xr-spatial-tracking=()"

// PublicHeaders sets the security headers of the public side, on errors too.
func PublicHeaders() echo.MiddlewareFunc { return headers("") }

// DeskHeaders sets those of the desk: the same, and nothing is ever stored.
func DeskHeaders() echo.MiddlewareFunc { return headers("no-store") }

func headers(cache string) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			h := c.Response().Header()
			h.Set(echo.HeaderContentSecurityPolicy, policy)
			h.Set(echo.HeaderXContentTypeOptions, "nosniff")
			h.Set(echo.HeaderReferrerPolicy, "no-referrer")
			h.Set("Cross-Origin-Opener-Policy", "same-origin")
			h.Set("Cross-Origin-Resource-Policy", "same-origin")
			h.Set("Permissions-Policy", permissions)
			if cache != "" {
				h.Set(echo.HeaderCacheControl, cache)
			}
			return next(c)
		}
	}
}

// StyleNonce lets this one answer carry style elements that a script of ours
// makes with the nonce it returns. An editor that measures text needs it.
func StyleNonce(c echo.Context) string {
	nonce := rand.Text()
	c.Response().Header().Set(echo.HeaderContentSecurityPolicy,
		strings.Replace(policy, "style-src 'self'", "style-src 'self' 'nonce-"+nonce+"'", 1))
	return nonce
}
