package auth

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

var testSecret = strings.Repeat("s3cr3t-", 6)

type keyPair struct {
	method jwt.SigningMethod
	key    crypto.Signer
}

type keyPairs map[string]keyPair

// newKeys creates one pair per algorithm, with the ids rsa, ec and ed.
func newKeys(t *testing.T) keyPairs {
	t.Helper()
	r, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	e, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	_, d, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return keyPairs{"rsa": {jwt.SigningMethodRS256, r}, "ec": {jwt.SigningMethodES256, e}, "ed": {jwt.SigningMethodEdDSA, d}}
}

func (k keyPairs) public() map[string]crypto.PublicKey {
	all := map[string]crypto.PublicKey{}
	for id, pair := range k {
		all[id] = pair.key.Public()
	}
	return all
}

// sign signs a token with the key id; empty: without a key id.
func (k keyPair) sign(t *testing.T, id string, claims jwt.MapClaims) string {
	t.Helper()
	token := jwt.NewWithClaims(k.method, claims)
	if id != "" {
		token.Header["kid"] = id
	}
	s, err := token.SignedString(k.key)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// mint returns a token of testSecret that is valid from now.
func mint(t *testing.T, subject Subject, ttl time.Duration) string {
	t.Helper()
	token, err := Mint(testSecret, subject, time.Now(), ttl)
	if err != nil {
		t.Fatal(err)
	}
	return token
}

// signHS256 signs any claims with testSecret.
func signHS256(t *testing.T, claims jwt.MapClaims) string {
	t.Helper()
	token, err := jwt.NewWithClaims(jwt.SigningMethodHS256, claims).SignedString([]byte(testSecret))
	if err != nil {
		t.Fatal(err)
	}
	return token
}

func secretVerifier(t *testing.T, now func() time.Time) *Verifier {
	t.Helper()
	v, err := NewVerifier(VerifierConfig{Secret: testSecret, Now: now})
	if err != nil {
		t.Fatal(err)
	}
	return v
}
