package auth

import (
	"strings"
	"testing"
)

func TestParseKeySetRejects(t *testing.T) {
	for name, body := range map[string]string{
		"not JSON":       `<html>`,
		"no keys":        `{"keys":[]}`,
		"symmetric only": `{"keys":[{"kty":"oct","kid":"s","k":"c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0"}]}`,
		"too many":       `{"keys":[` + strings.Repeat(`{"kty":"EC"},`, maxKeys) + `{"kty":"EC"}]}`,
		"broken key":     `{"keys":[{"kty":"EC","crv":"P-256","x":"AA","y":"AA"}]}`,
	} {
		if keys, err := parseKeySet([]byte(body)); err == nil {
			t.Errorf("%s: accepted with %d keys", name, len(keys))
		}
	}
}

func TestInvalidResponseKeepsKeys(t *testing.T) {
	p, keys := newKeyServer(t), newKeys(t)
	p.publish(t, keys.public())
	v := p.verifier(t, "")
	if err := v.keys.fetch(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, body := range []string{`{}`, strings.Repeat(" ", maxKeySetBytes+1)} {
		broken := []byte(body)
		p.body.Store(&broken)
		if err := v.keys.fetch(t.Context()); err == nil {
			t.Errorf("%.10q was accepted", body)
		}
	}
	if all, err := v.keys.Storage.KeyReadAll(t.Context()); err != nil || len(all) != len(keys) {
		t.Errorf("%d keys are cached, error %v", len(all), err)
	}
}

func TestFetchErrorHidesURL(t *testing.T) {
	v, err := NewVerifier(VerifierConfig{JWKSURL: "http://127.0.0.1:1/keys?code=hunter2"})
	if err != nil {
		t.Fatal(err)
	}
	if err := v.keys.fetch(t.Context()); err == nil || strings.Contains(err.Error(), "hunter2") {
		t.Errorf("error %v, want one without the URL", err)
	}
}

func TestVerifierNeedsKey(t *testing.T) {
	for _, cfg := range []VerifierConfig{{}, {JWKSURL: "ftp://x"}, {JWKSURL: "keys.json"}} {
		if _, err := NewVerifier(cfg); err == nil {
			t.Errorf("%+v was accepted", cfg.JWKSURL)
		}
	}
}

func FuzzParseKeySet(f *testing.F) {
	f.Add([]byte(`{"keys":[{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo","kid":"a"}]}`))
	f.Add([]byte(`{"keys":[{"kty":"RSA","n":"AQAB","e":"AQAB"}]}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		keys, err := parseKeySet(body)
		if err == nil && len(keys) == 0 {
			t.Error("a set without keys was accepted")
		}
		for _, key := range keys {
			if _, symmetric := key.Key().([]byte); symmetric {
				t.Error("a symmetric key was accepted")
			}
		}
	})
}
