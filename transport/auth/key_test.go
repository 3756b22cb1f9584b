package auth

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestKeyMatchesItselfOnly(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		secret, guess := rapid.StringN(1, 64, -1).Draw(t, "secret"), rapid.String().Draw(t, "guess")
		k := NewKey(secret)
		if !k.Matches(secret) || k.Matches(guess) != (guess == secret) || k.Matches(secret+"x") {
			t.Fatal("the key does not match only itself")
		}
		if len(secret) > 8 && strings.Contains(fmt.Sprintf("%v %+v %#v", k, k, k), secret) {
			t.Fatal("the formatted key contains the secret")
		}
	})
}

func TestUnsetKeyMatchesNothing(t *testing.T) {
	for _, k := range []Key{{}, NewKey("")} {
		if k.IsSet() || k.Matches("") || k.Matches("x") || k.Authorizes(request("/", "Authorization: Bearer ")) {
			t.Error("an unset key matches")
		}
	}
}

func TestKeyAuthorizesBearerOnly(t *testing.T) {
	k := NewKey("0123456789abcdef0123456789abcdef")
	for header, want := range map[string]bool{
		"Bearer 0123456789abcdef0123456789abcdef": true,
		"bearer 0123456789abcdef0123456789abcdef": true,
		"Basic 0123456789abcdef0123456789abcdef":  false,
		"0123456789abcdef0123456789abcdef":        false,
		"Bearer 0123456789abcdef":                 false,
	} {
		if got := k.Authorizes(request("/metrics", "Authorization: "+header)); got != want {
			t.Errorf("header %q: %t, want %t", header, got, want)
		}
	}
}
