package auth

import (
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"chatnode/actors/chat"

	"github.com/golang-jwt/jwt/v5"
	"pgregory.net/rapid"
)

func TestMintedTokenVerifies(t *testing.T) {
	now := time.Unix(1_800_000_000, 0)
	v := secretVerifier(t, func() time.Time { return now })
	rapid.Check(t, func(t *rapid.T) {
		subject := Subject{
			UserID: rapid.StringMatching(`[A-Za-z0-9._:][A-Za-z0-9._:-]{0,63}`).Filter(func(s string) bool { return !strings.HasPrefix(s, guestPrefix) }).Draw(t, "sub"),
			Name:   rapid.StringMatching(`[\p{L}]{1,64}`).Draw(t, "name"),
			Role:   rapid.SampledFrom([]string{"guest", "member", "admin"}).Draw(t, "role"),
			Avatar: rapid.SampledFrom([]string{"", "https://img.example.com/a.png"}).Draw(t, "avatar"),
		}
		ttl := time.Duration(rapid.IntRange(0, 100_000).Draw(t, "seconds")) * time.Second
		token, err := Mint(testSecret, subject, now, ttl)
		if err != nil {
			t.Fatal(err)
		}
		got, err := v.Verify(token)
		if err != nil || got.UserID != subject.UserID || got.UserName != subject.Name || got.Role.String() != subject.Role || got.Avatar != subject.Avatar {
			t.Fatalf("%+v verifies as %+v, error %v", subject, got, err)
		}
		want := int64(0)
		if ttl > 0 {
			want = now.Add(ttl + leeway).UnixMilli()
		}
		if got.Expires != want || got.ReadOnly {
			t.Fatalf("expires %d, want %d", got.Expires, want)
		}
	})
}

// TestClaimsAreChecked: each row is a token with a valid signature.
func TestClaimsAreChecked(t *testing.T) {
	now := time.Now()
	v := secretVerifier(t, nil)
	for name, row := range map[string]struct {
		claims jwt.MapClaims
		want   error
	}{
		"expired":              {jwt.MapClaims{"sub": "u", "exp": now.Add(-time.Minute).Unix()}, ErrExpired},
		"within the leeway":    {jwt.MapClaims{"sub": "u", "exp": now.Add(-leeway / 2).Unix()}, nil},
		"not yet":              {jwt.MapClaims{"sub": "u", "nbf": now.Add(time.Minute).Unix()}, ErrNotYet},
		"no subject":           {jwt.MapClaims{"name": "u"}, ErrClaims},
		"long subject":         {jwt.MapClaims{"sub": strings.Repeat("u", 256)}, ErrClaims},
		"control in subject":   {jwt.MapClaims{"sub": "a\nb"}, ErrClaims},
		"provider's subject":   {jwt.MapClaims{"sub": "auth0|507f1f77bcf86cd799439011"}, nil},
		"guest's subject":      {jwt.MapClaims{"sub": "guest-1"}, ErrClaims},
		"subject not a string": {jwt.MapClaims{"sub": 7}, ErrMalformed},
		"unknown role":         {jwt.MapClaims{"sub": "u", "role": "root"}, ErrRole},
		"role in capitals":     {jwt.MapClaims{"sub": "u", "role": "Admin"}, ErrRole},
		"expiry out of range":  {jwt.MapClaims{"sub": "u", "exp": 1e17}, ErrClaims},
		"only a subject":       {jwt.MapClaims{"sub": "u"}, nil},
	} {
		if _, err := v.Verify(signHS256(t, row.claims)); !errors.Is(err, row.want) {
			t.Errorf("%s: error %v, want %v", name, err, row.want)
		}
	}
}

func TestIdentityDefaults(t *testing.T) {
	v := secretVerifier(t, nil)
	got, err := v.Verify(signHS256(t, jwt.MapClaims{"sub": "u", "name": " \u202e\x00 ", "avatar": "http://x/a.png"}))
	if want := (chat.Identity{UserID: "u", UserName: "u", Role: chat.RoleMember}); err != nil || got != want {
		t.Errorf("identity %+v, error %v", got, err)
	}
	got, err = v.Verify(signHS256(t, jwt.MapClaims{"sub": "u", "name": strings.Repeat("é", 100)}))
	if err != nil || got.UserName != strings.Repeat("é", maxNameRunes) {
		t.Errorf("identity %+v, error %v", got, err)
	}
}

// forge returns a token with the given header and signature.
func forge(header string, sign func(signed string) []byte) string {
	part := base64.RawURLEncoding.EncodeToString
	signed := part([]byte(header)) + "." + part([]byte(`{"sub":"u","role":"admin"}`))
	return signed + "." + part(sign(signed))
}

// TestAlgorithmsAreNotConfused: a token cannot choose the key that verifies it.
func TestAlgorithmsAreNotConfused(t *testing.T) {
	p, keys := newKeyServer(t), newKeys(t)
	p.publish(t, keys.public())
	der, err := x509.MarshalPKIXPublicKey(keys["rsa"].key.Public())
	if err != nil {
		t.Fatal(err)
	}
	public := pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})
	byPublicKey := func(key []byte) func(string) []byte {
		return func(signed string) []byte {
			s, err := jwt.SigningMethodHS256.Sign(signed, key)
			if err != nil {
				t.Fatal(err)
			}
			return s
		}
	}
	none := func(string) []byte { return nil }
	for name, token := range map[string]string{
		"none":                        forge(`{"alg":"none"}`, none),
		"None":                        forge(`{"alg":"None"}`, none),
		"empty":                       forge(`{"alg":""}`, none),
		"no algorithm":                forge(`{"typ":"JWT"}`, none),
		"HS256, no signature":         forge(`{"alg":"HS256"}`, none),
		"public key as secret":        forge(`{"alg":"HS256","kid":"rsa"}`, byPublicKey(public)),
		"DER as secret":               forge(`{"alg":"HS256","kid":"rsa"}`, byPublicKey(der)),
		"HS512":                       forge(`{"alg":"HS512"}`, byPublicKey([]byte(testSecret))),
		"secret as RS256":             forge(`{"alg":"RS256","kid":"rsa"}`, byPublicKey([]byte(testSecret))),
		"another key's id":            forge(`{"alg":"ES256","kid":"rsa"}`, byPublicKey(der)),
		"key id not a string":         forge(`{"alg":"RS256","kid":7}`, none),
		"key in the header":           forge(`{"alg":"HS256","jwk":{"kty":"oct","k":"AA"}}`, byPublicKey([]byte{0})),
		"unknown key pair":            newKeys(t)["rsa"].sign(t, "rsa", jwt.MapClaims{"sub": "u"}),
		"unknown key pair without id": newKeys(t)["ed"].sign(t, "", jwt.MapClaims{"sub": "u"}),
	} {
		for _, secret := range []string{testSecret, ""} {
			if id, err := p.verifier(t, secret).Verify(token); err == nil {
				t.Errorf("%s: accepted as %+v", name, id)
			}
		}
	}
	only := secretVerifier(t, nil)
	if _, err := only.Verify(keys["ec"].sign(t, "ec", jwt.MapClaims{"sub": "u"})); !errors.Is(err, ErrSignature) {
		t.Errorf("token of a published key without a key set: error %v", err)
	}
}

// TestErrorsHideToken: errors never contain a part of the token.
func TestErrorsHideToken(t *testing.T) {
	v := secretVerifier(t, nil)
	good := mint(t, Subject{UserID: "u"}, time.Hour)
	rapid.Check(t, func(t *rapid.T) {
		token := []byte(good)
		at := rapid.IntRange(0, len(token)-1).Draw(t, "at")
		token[at] = rapid.Byte().Draw(t, "byte")
		_, err := v.Verify(string(token))
		if err == nil && string(token) != good {
			t.Fatalf("accepted with byte %d changed", at)
		}
		if _, typed := errors.AsType[*Error](err); err != nil && !typed {
			t.Fatalf("error of type %T, want *Error", err)
		}
		for part := range strings.SplitSeq(string(token), ".") {
			if len(part) > 3 && strings.Contains(fmt.Sprintf("%v %+v", err, err), part) {
				t.Fatalf("the error quotes the token: %v", err)
			}
		}
	})
}

func FuzzVerify(f *testing.F) {
	f.Add("a.b.c")
	f.Add(forge(`{"alg":"none"}`, func(string) []byte { return nil }))
	f.Add(strings.Repeat("x", maxTokenBytes+1))
	v, err := NewVerifier(VerifierConfig{Secret: testSecret})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, token string) {
		if id, err := v.Verify(token); err == nil {
			t.Errorf("accepted as %+v", id)
		}
	})
}
