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

// A publisher serves a key set that tests change.
type publisher struct {
	*httptest.Server
	body  atomic.Pointer[[]byte] // nil: answer 503
	asked atomic.Int64
}

func newPublisher(t *testing.T) *publisher {
	p := &publisher{}
	p.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		p.asked.Add(1)
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

// publish makes the set consist of the public halves of keys, by key id.
func (p *publisher) publish(t *testing.T, keys map[string]crypto.PublicKey) {
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

func (p *publisher) verifier(t *testing.T, secret string) *Verifier {
	t.Helper()
	v, err := NewVerifier(VerifierConfig{Secret: secret, JWKSURL: p.URL, Log: zerolog.Nop()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(v.Close)
	return v
}

// eventually waits for a condition.
func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); <-tick.C {
		if holds() {
			return
		}
	}
	t.Fatalf("never: %s", what)
}

func TestEveryPublishedAlgorithmVerifies(t *testing.T) {
	p, keys := newPublisher(t), newKeys(t)
	p.publish(t, keys.public())
	v := p.verifier(t, "")
	for id, key := range keys {
		got, err := v.Verify(key.sign(t, id, jwt.MapClaims{"sub": "u-" + id}))
		if err != nil || got.UserID != "u-"+id {
			t.Errorf("%s: %+v, %v", id, got, err)
		}
		if _, err := v.Verify(key.sign(t, "", jwt.MapClaims{"sub": "u"})); err != nil {
			t.Errorf("%s without a key id: %v", id, err)
		}
	}
}

func TestARotatedKeyIsFoundAndTheOldOneForgotten(t *testing.T) {
	p, old, fresh := newPublisher(t), newKeys(t)["ec"], newKeys(t)["ec"]
	p.publish(t, map[string]crypto.PublicKey{"k1": old.key.Public()})
	v := p.verifier(t, "")
	first := old.sign(t, "k1", jwt.MapClaims{"sub": "u"})
	if _, err := v.Verify(first); err != nil {
		t.Fatal(err)
	}
	p.publish(t, map[string]crypto.PublicKey{"k2": fresh.key.Public()})
	if _, err := v.Verify(fresh.sign(t, "k2", jwt.MapClaims{"sub": "u"})); err != nil {
		t.Errorf("after the rotation: %v", err)
	}
	if _, err := v.Verify(first); !errors.Is(err, ErrSignature) {
		t.Errorf("the withdrawn key's token: %v", err)
	}
}

func TestUnknownKeysDoNotFloodTheEndpoint(t *testing.T) {
	p, keys := newPublisher(t), newKeys(t)
	p.publish(t, keys.public())
	v := p.verifier(t, "")
	for range 50 {
		if _, err := v.Verify(keys["ec"].sign(t, "nobody", jwt.MapClaims{"sub": "u"})); !errors.Is(err, ErrSignature) {
			t.Fatal(err)
		}
	}
	if n := p.asked.Load(); n > unknownBurst {
		t.Errorf("fetched %d times", n)
	}
}

func TestStartDoesNotNeedTheEndpoint(t *testing.T) {
	p, keys := newPublisher(t), newKeys(t)
	v := p.verifier(t, testSecret)
	v.Start()
	v.Start()
	token := keys["rsa"].sign(t, "rsa", jwt.MapClaims{"sub": "u"})
	if _, err := v.Verify(token); !errors.Is(err, ErrUnavailable) {
		t.Errorf("without a key set: %v", err)
	}
	if _, err := v.Verify(mint(t, Subject{UserID: "u"}, time.Hour)); err != nil {
		t.Errorf("the secret's tokens need no key set: %v", err)
	}
	p.publish(t, keys.public())
	eventually(t, "the key set is fetched by itself", v.keys.loaded.Load)
	if _, err := v.Verify(token); err != nil {
		t.Error(err)
	}
	p.body.Store(nil)
	if _, err := v.Verify(keys["rsa"].sign(t, "other", jwt.MapClaims{"sub": "u"})); !errors.Is(err, ErrSignature) {
		t.Errorf("an unknown key while the endpoint is down: %v", err)
	}
	if _, err := v.Verify(token); err != nil {
		t.Errorf("known keys outlive the endpoint: %v", err)
	}
	v.Close()
	v.Close()
}
