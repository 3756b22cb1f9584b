package node

import (
	"errors"
	"strings"
	"testing"
	"time"

	"chatnode/transport/auth"

	"github.com/alecthomas/kong"
)

// env returns the Lookup of an environment with these variables only.
func env(pairs map[string]string) Lookup {
	return func(name string) (string, bool) {
		v, ok := pairs[name]
		return v, ok
	}
}

// loadConfig parses flags and the environment as package main does.
func loadConfig(args []string, lookup Lookup) (Config, error) {
	var c Config
	l := NewLoader(lookup)
	k, err := kong.New(&c, append(l.Options(), kong.NoDefaultHelp())...)
	if err != nil {
		return Config{}, err
	}
	if _, err := k.Parse(args); err != nil {
		return Config{}, err
	}
	return c, l.Finish(&c)
}

func mustLoad(t *testing.T, args []string, pairs map[string]string) Config {
	t.Helper()
	c, err := loadConfig(args, env(pairs))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestDefaultsAreValid(t *testing.T) {
	c := mustLoad(t, nil, nil)
	if c.Address() != "0.0.0.0:3001" || c.TLS() || c.AcceptsTokens() || c.EnableDistributedChat || c.Compression {
		t.Errorf("unexpected defaults: %+v", c)
	}
	if c.GuestAccess != auth.GuestsWrite {
		t.Errorf("guest access %q without auth, want write", c.GuestAccess)
	}
	if c.RateLimit != (Rate{10, time.Second}) || c.LogLevel != LogInfo || c.LogFormat != "" {
		t.Errorf("unexpected defaults: %+v", c)
	}
	if !instanceID.MatchString(string(c.InstanceID)) {
		t.Errorf("instance id %q", c.InstanceID)
	}
	if again := mustLoad(t, nil, nil); again.InstanceID == c.InstanceID {
		t.Error("two nodes on one host have the same instance id")
	}
}

func TestSettingsPrecedence(t *testing.T) {
	pairs := map[string]string{"PORT": "4000", "PING_INTERVAL": "10s", "ADMIN_API_KEY": "", "MAX_FRAME_BYTES": "32KiB", "COMPRESSION": "true"}
	c := mustLoad(t, []string{"--port", "5000"}, pairs)
	if c.Port != 5000 {
		t.Errorf("port %d, want 5000: the flag has precedence over the environment", c.Port)
	}
	if c.PingInterval != 10*time.Second || c.MaxFrameBytes != 32768 || !c.Compression {
		t.Errorf("settings in the environment were ignored: %+v", c)
	}
	if c.AdminAPIKey.IsSet() {
		t.Error("an empty variable does not count as unset")
	}
	if c := mustLoad(t, []string{"--compression=false"}, pairs); c.Compression {
		t.Error("a flag cannot disable what the environment enables")
	}
}

func TestGuestAccessDefault(t *testing.T) {
	for _, pairs := range []map[string]string{
		{"AUTH_JWT_SECRET": strings.Repeat("s", 32)},
		{"AUTH_JWKS_URL": "https://id.example.com/keys"},
	} {
		if c := mustLoad(t, nil, pairs); c.GuestAccess != auth.GuestsRead || !c.AcceptsTokens() {
			t.Errorf("guest access %q with auth, want read", c.GuestAccess)
		}
	}
	both := map[string]string{"AUTH_JWT_SECRET": strings.Repeat("s", 32), "GUEST_ACCESS": "off"}
	if c := mustLoad(t, nil, both); c.GuestAccess != auth.GuestsOff {
		t.Errorf("guest access %q, want off", c.GuestAccess)
	}
}

func TestConfigReportsAllProblems(t *testing.T) {
	_, err := loadConfig([]string{"--recent=x"}, env(map[string]string{
		"PORT": "-1", "RATE_LIMIT": "fast", "PING_INTERVAL": "40s", "TLS_CERT": "c.pem", "METRICS_API_KEY": "short",
	}))
	problem, ok := errors.AsType[*ConfigError](err)
	if !ok {
		t.Fatalf("error %v, want a ConfigError", err)
	}
	var got []string
	for _, p := range problem.Problems {
		got = append(got, p.Variable)
	}
	if want := "METRICS_API_KEY PORT PRESENCE_TIMEOUT RATE_LIMIT RECENT TLS_KEY"; strings.Join(got, " ") != want {
		t.Errorf("problems of %v, want %s", got, want)
	}
	if lines := strings.Count(err.Error(), "\n"); lines != len(got) {
		t.Errorf("%d lines for %d problems:\n%v", lines, len(got), err)
	}
}

func TestUnknownFlagIsRejected(t *testing.T) {
	if _, err := loadConfig([]string{"--prot=1"}, env(nil)); err == nil || !strings.Contains(err.Error(), "--prot") {
		t.Errorf("error %v, want one that names --prot", err)
	}
}
