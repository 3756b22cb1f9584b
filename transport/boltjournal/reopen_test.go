package boltjournal_test

import (
	"bytes"
	"strings"
	"testing"

	"chatnode/transport/boltjournal"
	"github.com/rs/zerolog"
)

// TestLeftoversAreLogged: what an earlier run has left is told once, in numbers and without text;
// an empty journal says nothing.
func TestLeftoversAreLogged(t *testing.T) {
	var out bytes.Buffer
	o := boltjournal.Options{Path: t.TempDir(), Log: zerolog.New(&out)}
	j := open(t, o)
	keep(t, j, some(1, 8)...)
	closeJournal(t, j)
	if out.Len() > 0 {
		t.Fatalf("a new journal logs %q", out.String())
	}
	j = open(t, o)
	if got := out.String(); strings.Count(got, "\n") != 1 || !strings.Contains(got, `"writes":7`) || strings.Contains(got, "text of") {
		t.Fatalf("it logs %q, want one line that counts 7 writes", got)
	}
	drop(t, j, 7)
	closeJournal(t, j)
	out.Reset()
	if open(t, o); out.Len() > 0 {
		t.Fatalf("an empty journal logs %q", out.String())
	}
}
