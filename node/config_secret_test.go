package node

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/rs/zerolog"
	"pgregory.net/rapid"
)

// wrapped has a Config in an unexported field. fmt prints such fields without calling their methods.
type wrapped struct{ inner Config }

// formatAll returns the output of fmt, JSON and the log for a configuration.
func formatAll(t *rapid.T, c *Config) string {
	var out bytes.Buffer
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d"} {
		fmt.Fprintf(&out, verb+verb+verb+verb, *c, c, wrapped{*c}, c.AdminAPIKey)
		fmt.Fprintf(&out, verb+verb, c.RedisURL, &c.RedisURL)
	}
	text, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	out.Write(text)
	log := zerolog.New(&out)
	log.Info().Interface("config", c).Any("key", c.AuthJWTSecret).Stringer("redis", c.RedisURL).Msg(c.AdminAPIKey.String())
	return out.String()
}

func TestSecretsAreNeverPrinted(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		secret := rapid.StringMatching(`[g-zG-Z]{32,40}`)
		password := rapid.StringMatching(`[g-zG-Z]{16}`).Draw(t, "password")
		pairs := map[string]string{"REDIS_URL": "redis://user:" + password + "@127.0.0.1:6379/3"}
		for _, name := range []string{"METRICS_API_KEY", "ADMIN_API_KEY", "AUTH_JWT_SECRET"} {
			pairs[name] = name[:2] + secret.Draw(t, name) // all differ
		}
		c, err := loadConfig(nil, env(pairs))
		if err != nil {
			t.Fatal(err)
		}
		out := formatAll(t, &c)
		for name, value := range pairs {
			if strings.Contains(out, value) || strings.Contains(out, fmt.Sprintf("%x", value)) || strings.Contains(out, password) {
				t.Fatalf("%s is printed: %s", name, out)
			}
		}
		if c.RedisURL.Reveal() != pairs["REDIS_URL"] || c.AdminAPIKey.Reveal() != pairs["ADMIN_API_KEY"] {
			t.Fatal("Reveal does not return the original text")
		}
	})
}

func TestConfigErrorsHideSecrets(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		secret := rapid.StringMatching(`[g-z]{8,31}`).Draw(t, "secret")
		pairs := map[string]string{
			"METRICS_API_KEY": secret, "ADMIN_API_KEY": secret, "AUTH_JWT_SECRET": secret,
			"AUTH_JWKS_URL": "https://u:" + secret + "@h/keys",
			"REDIS_URL":     rapid.SampledFrom([]string{"redis://:%s", "redis://u:%s@", "rediss://u:%s@h:x", "%s", "redis+x://:%s@h", "redis://u:%s@h/%%zz"}).Draw(t, "shape"),
		}
		pairs["REDIS_URL"] = fmt.Sprintf(pairs["REDIS_URL"], secret)
		_, err := loadConfig(nil, env(pairs))
		if err == nil || strings.Contains(err.Error(), secret) {
			t.Fatalf("error without the secret expected: %v", err)
		}
		if n := strings.Count(err.Error(), hiddenText); n != 5 {
			t.Fatalf("%d redacted values, want 5: %v", n, err)
		}
	})
}

func TestUnsetSecret(t *testing.T) {
	if s := NewSecret(""); s.String() != unsetText || s.IsSet() || s.Reveal() != "" {
		t.Errorf("an empty secret is printed as %v, want %s", s, unsetText)
	}
}
