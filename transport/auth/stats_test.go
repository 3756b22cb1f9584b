package auth

import (
	"maps"
	"testing"
)

func TestStatsCountByReason(t *testing.T) {
	a := NewAuthenticator(secretVerifier(t, nil), GuestsOff)
	if got := maps.Collect(a.Stats().Refused()); len(got) != len(Errors()) {
		t.Errorf("%d reasons initially, want %d: %v", len(got), len(Errors()), got)
	}
	for range 2 {
		if _, err := a.Identify(request("/chat?token=x")); err == nil {
			t.Fatal("an invalid token was accepted")
		}
	}
	if _, err := a.Identify(request("/chat")); err == nil {
		t.Fatal("a guest was accepted")
	}
	if _, err := a.Verify("x"); err == nil {
		t.Fatal("an invalid token was accepted by Verify")
	}
	for reason, n := range a.Stats().Refused() {
		if want := map[string]uint64{"malformed": 3, "missing": 1}[reason]; n != want {
			t.Errorf("%s: %d, want %d", reason, n, want)
		}
	}
}
