package database

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/logger"

	"track15/models/fault"
)

// statementLog writes failed and slow statements to a slog.Logger: the SQL with
// placeholders, never a value, never the database's own words.
type statementLog struct {
	log  *slog.Logger
	slow time.Duration
}

// LogMode returns the log itself: its level is the slog.Logger's.
func (l *statementLog) LogMode(logger.LogLevel) logger.Interface { return l }

// Info logs gorm's message without its arguments, which may hold values.
func (l *statementLog) Info(ctx context.Context, msg string, _ ...any) { l.log.InfoContext(ctx, msg) }

// Warn logs gorm's message without its arguments, which may hold values.
func (l *statementLog) Warn(ctx context.Context, msg string, _ ...any) { l.log.WarnContext(ctx, msg) }

// Error logs gorm's message without its arguments, which may hold values.
func (l *statementLog) Error(ctx context.Context, msg string, _ ...any) { l.log.ErrorContext(ctx, msg) }

// maxStatement is how many bytes of a statement the log shows: the rest of one
// that is longer are marks for the values of more rows.
const maxStatement = 500

// Trace logs a statement that failed for a reason of ours, or took too long.
// No row, a broken constraint, a cancelled request: whoever asked is told.
func (l *statementLog) Trace(ctx context.Context, begin time.Time, statement func() (string, int64), err error) {
	took := time.Since(begin)
	internal := err != nil && unexpected(err)
	if !internal && took < l.slow {
		return
	}
	text, rows := statement()
	if len(text) > maxStatement {
		text = text[:maxStatement] + "…"
	}
	attrs := []any{"sql", text, "rows", rows, "took", took}
	if internal {
		l.log.ErrorContext(ctx, "statement failed", append(attrs, "cause", Error(err, "statement"))...)
		return
	}
	l.log.WarnContext(ctx, "statement was slow", attrs...)
}

// ParamsFilter keeps every value out of the log.
func (l *statementLog) ParamsFilter(_ context.Context, statement string, _ ...any) (string, []any) {
	return statement, nil
}

func unexpected(err error) bool {
	if errors.Is(err, context.Canceled) || errors.Is(err, gorm.ErrRecordNotFound) {
		return false
	}
	switch fault.KindOf(Error(err, "statement")) {
	case fault.Internal, fault.Unavailable:
		return true
	}
	return false
}

var (
	_ logger.Interface  = (*statementLog)(nil)
	_ gorm.ParamsFilter = (*statementLog)(nil)
)
