package node

import (
	"context"
	"log/slog"
)

// warnHandler is a handler that drops all below warn: what libraries tell at info is news of every
// actor that starts or stops.
type warnHandler struct{ next slog.Handler }

// Enabled implements slog.Handler.
func (h *warnHandler) Enabled(ctx context.Context, level slog.Level) bool {
	return level >= slog.LevelWarn && h.next.Enabled(ctx, level)
}

// Handle implements slog.Handler.
func (h *warnHandler) Handle(ctx context.Context, record slog.Record) error {
	return h.next.Handle(ctx, record)
}

// WithAttrs implements slog.Handler.
func (h *warnHandler) WithAttrs(attrs []slog.Attr) slog.Handler {
	return &warnHandler{h.next.WithAttrs(attrs)}
}

// WithGroup implements slog.Handler.
func (h *warnHandler) WithGroup(name string) slog.Handler {
	return &warnHandler{h.next.WithGroup(name)}
}
