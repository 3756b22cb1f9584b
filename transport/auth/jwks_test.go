package auth

import (
	"crypto"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"github.com/MicahParks/jwkset"
	"github.com/golang-jwt/jwt/v5"
	"github.com/rs/zerolog"
)

// keyServer serves a key set that tests change.
type keyServer struct {
	*httptest.Server
	body     atomic.Pointer[[]byte] // nil: status 503
	requests atomic.Int64
}

func newKeyServer(t *testing.T) *keyServer {
	p := &keyServer{}
	p.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		p.requests.Add(1)
		body := p.body.Load()
		if body == nil {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		_, _ = w.Write(*body)
	}))
	t.Cleanup(p.Close)
	return p
}

// publish serves the public keys, by key id.
func (p *keyServer) publish(t *testing.T, keys map[string]crypto.PublicKey) {
	t.Helper()
	var set jwkset.JWKSMarshal
	for id, key := range keys {
		jwk, err := jwkset.NewJWKFromKey(key, jwkset.JWKOptions{Metadata: jwkset.JWKMetadataOptions{KID: id, USE: jwkset.UseSig}})
		if err != nil {
			t.Fatal(err)
		}
		set.Keys = append(set.Keys, jwk.Marshal())
	}
	body, err := json.Marshal(set)
	if err != nil {
		t.Fatal(err)
	}
	p.body.Store(&body)
}

func (p *keyServer) verifier(t *testing.T, secret string) *Verifier {
	t.Helper()
	v, err := NewVerifier(VerifierConfig{Secret: secret, JWKSURL: p.URL, Log: zerolog.Nop()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(v.Close)
	return v
}

// eventually waits up to 10 s for a condition.
func eventually(t *testing.T, what string, condition func() bool) {
	t.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); <-tick.C {
		if condition() {
			return
		}
	}
	t.Fatalf("timeout: %s", what)
}

func TestAllAlgorithmsVerify(t *testing.T) {
	p, keys := newKeyServer(t), newKeys(t)
	p.publish(t, keys.public())
	v := p.verifier(t, "")
	for id, key := range keys {
		got, err := v.Verify(key.sign(t, id, jwt.MapClaims{"sub": "u-" + id}))
		if err != nil || got.UserID != "u-"+id {
			t.Errorf("%s: identity %+v, error %v", id, got, err)
		}
		if _, err := v.Verify(key.sign(t, "", jwt.MapClaims{"sub": "u"})); err != nil {
			t.Errorf("%s without a key id: error %v", id, err)
		}
	}
}

func TestKeyRotation(t *testing.T) {
	p, old, fresh := newKeyServer(t), newKeys(t)["ec"], newKeys(t)["ec"]
	p.publish(t, map[string]crypto.PublicKey{"k1": old.key.Public()})
	v := p.verifier(t, "")
	first := old.sign(t, "k1", jwt.MapClaims{"sub": "u"})
	if _, err := v.Verify(first); err != nil {
		t.Fatal(err)
	}
	p.publish(t, map[string]crypto.PublicKey{"k2": fresh.key.Public()})
	if _, err := v.Verify(fresh.sign(t, "k2", jwt.MapClaims{"sub": "u"})); err != nil {
		t.Errorf("new key: error %v", err)
	}
	if _, err := v.Verify(first); !errors.Is(err, ErrSignature) {
		t.Errorf("removed key: error %v", err)
	}
}

func TestUnknownKeysAreRateLimited(t *testing.T) {
	p, keys := newKeyServer(t), newKeys(t)
	p.publish(t, keys.public())
	v := p.verifier(t, "")
	for range 50 {
		if _, err := v.Verify(keys["ec"].sign(t, "unknown", jwt.MapClaims{"sub": "u"})); !errors.Is(err, ErrSignature) {
			t.Fatal(err)
		}
	}
	if n := p.requests.Load(); n > unknownBurst {
		t.Errorf("%d fetches", n)
	}
}

func TestStartWithoutEndpoint(t *testing.T) {
	p, keys := newKeyServer(t), newKeys(t)
	v := p.verifier(t, testSecret)
	v.Start()
	v.Start()
	token := keys["rsa"].sign(t, "rsa", jwt.MapClaims{"sub": "u"})
	if _, err := v.Verify(token); !errors.Is(err, ErrUnavailable) {
		t.Errorf("before the first fetch: error %v", err)
	}
	if _, err := v.Verify(mint(t, Subject{UserID: "u"}, time.Hour)); err != nil {
		t.Errorf("token of the secret: error %v", err)
	}
	p.publish(t, keys.public())
	eventually(t, "the key set is fetched", v.keys.hasKeys.Load)
	if _, err := v.Verify(token); err != nil {
		t.Error(err)
	}
	p.body.Store(nil)
	if _, err := v.Verify(keys["rsa"].sign(t, "other", jwt.MapClaims{"sub": "u"})); !errors.Is(err, ErrSignature) {
		t.Errorf("unknown key while the endpoint is down: error %v", err)
	}
	if _, err := v.Verify(token); err != nil {
		t.Errorf("cached key while the endpoint is down: error %v", err)
	}
	v.Close()
	v.Close()
}
