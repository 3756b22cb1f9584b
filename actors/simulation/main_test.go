package simulation

import (
	"log/slog"
	"os"
	"testing"
)

// TestMain discards the events that hollywood logs, because the tests plant panics.
func TestMain(m *testing.M) {
	slog.SetDefault(slog.New(slog.DiscardHandler))
	os.Exit(m.Run())
}
