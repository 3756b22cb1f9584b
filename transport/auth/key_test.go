package auth

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestAKeyMatchesItselfOnly(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		secret, guess := rapid.StringN(1, 64, -1).Draw(t, "secret"), rapid.String().Draw(t, "guess")
		k := NewKey(secret)
		if !k.Matches(secret) || k.Matches(guess) != (guess == secret) || k.Matches(secret+"x") {
			t.Fatal("a key must match itself and nothing else")
		}
		if len(secret) > 8 && strings.Contains(fmt.Sprintf("%v %+v %#v", k, k, k), secret) {
			t.Fatal("a key shows itself")
		}
	})
}

func TestAnUnsetKeyMatchesNothing(t *testing.T) {
	for _, k := range []Key{{}, NewKey("")} {
		if k.IsSet() || k.Matches("") || k.Matches("x") || k.Authorizes(request("/", "Authorization: Bearer ")) {
			t.Error("it matches")
		}
	}
}

func TestAKeyOpensByBearerOnly(t *testing.T) {
	k := NewKey("0123456789abcdef0123456789abcdef")
	for header, want := range map[string]bool{
		"Bearer 0123456789abcdef0123456789abcdef": true,
		"bearer 0123456789abcdef0123456789abcdef": true,
		"Basic 0123456789abcdef0123456789abcdef":  false,
		"0123456789abcdef0123456789abcdef":        false,
		"Bearer 0123456789abcdef":                 false,
	} {
		if got := k.Authorizes(request("/metrics", "Authorization: "+header)); got != want {
			t.Errorf("%q: %v", header, got)
		}
	}
}
