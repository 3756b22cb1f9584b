package auth

import (
	"maps"
	"testing"
)

func TestRefusalsAreCountedByReason(t *testing.T) {
	a := NewAuthenticator(secretVerifier(t, nil), GuestsOff)
	if got := maps.Collect(a.Stats().Refused()); len(got) != len(Errors()) {
		t.Errorf("%d reasons at the start, want %d: %v", len(got), len(Errors()), got)
	}
	for range 2 {
		if _, err := a.Identify(request("/chat?token=x")); err == nil {
			t.Fatal("a bad token was taken")
		}
	}
	if _, err := a.Identify(request("/chat")); err == nil {
		t.Fatal("a guest was let in")
	}
	if _, err := a.Verify("x"); err == nil {
		t.Fatal("a bad token was taken by auth")
	}
	for reason, n := range a.Stats().Refused() {
		if want := map[string]uint64{"malformed": 3, "missing": 1}[reason]; n != want {
			t.Errorf("%s: %d, want %d", reason, n, want)
		}
	}
}
