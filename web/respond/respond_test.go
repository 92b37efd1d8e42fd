package respond_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"track15/models/fault"
	"track15/web/respond"
)

func TestStatusOf(t *testing.T) {
	for _, tt := range []struct {
		err    error
		status int
	}{
		{fault.Errorf(fault.Invalid, "x"), 422},
		{fault.Field("city", "x"), 422},
		{fmt.Errorf("while reading: %w", fault.Errorf(fault.NotFound, "x")), 404},
		{fault.Errorf(fault.Forbidden, "x"), 403},
		{fault.Errorf(fault.Conflict, "x"), 409},
		{fault.Errorf(fault.Unavailable, "x"), 503},
		{fault.Errorf(fault.Internal, "x"), 500},
		{errors.New("nobody classified this"), 500},
		{echo.ErrMethodNotAllowed, 405},
		{echo.ErrStatusRequestEntityTooLarge, 413},
	} {
		if got := respond.StatusOf(tt.err); got != tt.status {
			t.Errorf("%v: %d, want %d", tt.err, got, tt.status)
		}
	}
}

// A page that fails half way must not be seen half.
func TestPageSendsAllOrNothing(t *testing.T) {
	half := templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		_, _ = io.WriteString(w, "<p>first half")
		return errors.New("the second half is missing")
	})
	rec := serve(t, nil, func(c echo.Context) error { return respond.Page(c, 200, half) })
	if rec.Code != 500 || strings.Contains(rec.Body.String(), "first half") {
		t.Errorf("%d %q", rec.Code, rec.Body)
	}
	whole := templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		_, err := io.WriteString(w, "<p>whole")
		return err
	})
	rec = serve(t, nil, func(c echo.Context) error { return respond.Page(c, 410, whole) })
	if rec.Code != 410 || rec.Body.String() != "<p>whole" || rec.Header().Get("Content-Length") != "8" {
		t.Errorf("%d %q %v", rec.Code, rec.Body, rec.Header())
	}
}

func TestErrorsLogsOursAndNeverTheAddress(t *testing.T) {
	var log bytes.Buffer
	rec := serve(t, &log, func(echo.Context) error { return errors.New("disk on fire") })
	if rec.Code != 500 || strings.Contains(rec.Body.String(), "fire") {
		t.Errorf("%d %q", rec.Code, rec.Body)
	}
	for _, has := range []string{"disk on fire", `"route":"/rounds/:slug"`} {
		if !strings.Contains(log.String(), has) {
			t.Errorf("the log lacks %s: %s", has, &log)
		}
	}
	for _, hasNot := range []string{"kasmere", "whisper"} {
		if strings.Contains(log.String(), hasNot) {
			t.Errorf("the log holds %s: %s", hasNot, &log)
		}
	}
	log.Reset()
	serve(t, &log, func(echo.Context) error { return fault.Errorf(fault.NotFound, "no such round") })
	if log.Len() != 0 {
		t.Errorf("a 404 was logged: %s", &log)
	}
}

// serve answers one request with h, errors through respond.Errors with a page
// that shows the status alone.
func serve(t *testing.T, log io.Writer, h echo.HandlerFunc) *httptest.ResponseRecorder {
	t.Helper()
	if log == nil {
		log = io.Discard
	}
	e := echo.New()
	e.HTTPErrorHandler = respond.Errors(slog.New(slog.NewJSONHandler(log, nil)), func(c echo.Context, status int, _ error) error {
		return c.String(status, http.StatusText(status))
	})
	e.GET("/rounds/:slug", h)
	rec := httptest.NewRecorder()
	e.ServeHTTP(rec, httptest.NewRequest(http.MethodGet, "/rounds/kasmere?q=whisper", nil))
	return rec
}
