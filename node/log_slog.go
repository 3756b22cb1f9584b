package node

import (
	"context"
	"log/slog"
)

// warnings is a handler that drops all below warn: what libraries tell at info is news of every
// actor that starts or stops.
type warnings struct{ next slog.Handler }

// Enabled implements slog.Handler.
func (h *warnings) Enabled(ctx context.Context, level slog.Level) bool {
	return level >= slog.LevelWarn && h.next.Enabled(ctx, level)
}

// Handle implements slog.Handler.
func (h *warnings) Handle(ctx context.Context, record slog.Record) error {
	return h.next.Handle(ctx, record)
}

// WithAttrs implements slog.Handler.
func (h *warnings) WithAttrs(attrs []slog.Attr) slog.Handler {
	return &warnings{h.next.WithAttrs(attrs)}
}

// WithGroup implements slog.Handler.
func (h *warnings) WithGroup(name string) slog.Handler { return &warnings{h.next.WithGroup(name)} }
