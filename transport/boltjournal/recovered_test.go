package boltjournal_test

import (
	"bytes"
	"strings"
	"testing"

	"chatnode/transport/boltjournal"

	"github.com/rs/zerolog"
)

// TestRecoveredWritesAreLogged: Open logs the number of writes that an earlier run left, once and without text. It
// logs nothing for an empty journal.
func TestRecoveredWritesAreLogged(t *testing.T) {
	var out bytes.Buffer
	o := boltjournal.Options{Path: t.TempDir(), Log: zerolog.New(&out)}
	j := open(t, o)
	mustAppend(t, j, writesFrom(1, 8)...)
	closeJournal(t, j)
	if out.Len() > 0 {
		t.Fatalf("a new journal logged %q", out.String())
	}
	j = open(t, o)
	if got := out.String(); strings.Count(got, "\n") != 1 || !strings.Contains(got, `"writes":7`) || strings.Contains(got, "text of") {
		t.Fatalf("logged %q, want one line with 7 writes", got)
	}
	mustRemove(t, j, 7)
	closeJournal(t, j)
	out.Reset()
	if open(t, o); out.Len() > 0 {
		t.Fatalf("an empty journal logged %q", out.String())
	}
}
