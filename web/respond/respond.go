// Package respond answers requests: pages rendered whole before the first byte
// leaves, and the one table from the kind of an error to a status.
package respond

import (
	"bytes"
	"errors"
	"log/slog"
	"net/http"
	"strconv"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"track15/models/fault"
)

// Status is the HTTP status for a kind of error. What a side hides, it hides
// itself: the public side answers Forbidden like NotFound.
func Status(k fault.Kind) int {
	switch k {
	case fault.Invalid:
		return http.StatusUnprocessableEntity
	case fault.NotFound:
		return http.StatusNotFound
	case fault.Forbidden:
		return http.StatusForbidden
	case fault.Conflict:
		return http.StatusConflict
	case fault.Unavailable:
		return http.StatusServiceUnavailable
	}
	return http.StatusInternalServerError
}

// StatusOf is the HTTP status for an error: the one it names, if it is the web
// framework's, else that of its kind.
func StatusOf(err error) int {
	if e, ok := errors.AsType[*echo.HTTPError](err); ok {
		return e.Code
	}
	return Status(fault.KindOf(err))
}

// Page renders the page into memory and sends it with its length. A page that
// cannot be rendered sends nothing: the error is the caller's to return.
func Page(c echo.Context, status int, page templ.Component) error {
	var b bytes.Buffer
	if err := page.Render(c.Request().Context(), &b); err != nil {
		return err
	}
	return HTML(c, status, b.Bytes())
}

// HTML sends a page that is rendered already. The answer to HEAD has the same
// headers and no body.
func HTML(c echo.Context, status int, page []byte) error {
	c.Response().Header().Set(echo.HeaderContentLength, strconv.Itoa(len(page)))
	return c.Blob(status, echo.MIMETextHTMLCharsetUTF8, page)
}

// Errors makes the handler that answers every error a handler returns. The
// page gets the status and the error, of which it may show only what
// [fault.All] finds; show answers alone. An error that is ours is logged with
// its route, never with the address asked for, which may hold a person's words.
func Errors(log *slog.Logger, show func(c echo.Context, status int, err error) error) echo.HTTPErrorHandler {
	return func(err error, c echo.Context) {
		status := StatusOf(err)
		if status >= http.StatusInternalServerError {
			log.ErrorContext(c.Request().Context(), "request failed",
				"method", c.Request().Method, "route", c.Path(), "status", status,
				"request", c.Response().Header().Get(echo.HeaderXRequestID), "error", err.Error())
		}
		if c.Response().Committed {
			return
		}
		if err := show(c, status, err); err != nil {
			log.ErrorContext(c.Request().Context(), "error page failed", "route", c.Path(), "error", err.Error())
		}
	}
}
