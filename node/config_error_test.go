package node

import (
	"strings"
	"testing"
)

// Each row is a configuration with exactly one problem, which is reported for variable and contains want.
func TestProblemNamesItsVariable(t *testing.T) {
	long, other := strings.Repeat("a", 32), strings.Repeat("b", 32)
	for _, row := range []struct{ settings, variable, want string }{
		{"PORT=65536", "PORT", "from 0 to 65535"},
		{"PORT=http", "PORT", "whole number"},
		{"HOST=a b", "HOST", "IP address or a host name"},
		{"HOST=1:2", "HOST", "IP address or a host name"},
		{"ENABLE_DISTRIBUTED_CHAT=yes", "ENABLE_DISTRIBUTED_CHAT", "true or false"},
		{"INSTANCE_ID=a/b", "INSTANCE_ID", "1 to 64 letters"},
		{"INSTANCE_ID=" + strings.Repeat("a", 65), "INSTANCE_ID", "1 to 64 letters"},
		{"REDIS_URL=127.0.0.1:6379", "REDIS_URL", "redis://"},
		{"REDIS_URL=http://h:1", "REDIS_URL", "redis://"},
		{"REDIS_URL=redis://a:1,b:2", "REDIS_URL", "redis://"},
		{"REDIS_URL=redis+sentinel://a:1", "REDIS_URL", "master_name"},
		{"METRICS_API_KEY=" + long[1:], "METRICS_API_KEY", "32 characters"},
		{"ADMIN_API_KEY=" + long[1:], "ADMIN_API_KEY", "32 characters"},
		{"ADMIN_API_KEY=" + long + " METRICS_API_KEY=" + long, "ADMIN_API_KEY", "differ"},
		{"AUTH_JWT_SECRET=" + other[1:], "AUTH_JWT_SECRET", "32 characters"},
		{"AUTH_JWKS_URL=ftp://x", "AUTH_JWKS_URL", "http or https"},
		{"AUTH_JWKS_URL=https://u:p@x/keys", "AUTH_JWKS_URL", "without user"},
		{"GUEST_ACCESS=none", "GUEST_ACCESS", "off, read or write"},
		{"GUEST_ACCESS=off", "GUEST_ACCESS", "no client could connect"},
		{"ALLOWED_ORIGINS=https://a.example/path", "ALLOWED_ORIGINS", "origins such as"},
		{"HISTORY_SIZE=0", "HISTORY_SIZE", "from 1 to"},
		{"RECENT=20000 HISTORY_SIZE=10000", "RECENT", "HISTORY_SIZE"},
		{"RATE_LIMIT=10", "RATE_LIMIT", "10/1s"},
		{"RATE_LIMIT=0/1s", "RATE_LIMIT", "or off"},
		{"RATE_LIMIT=1/0s", "RATE_LIMIT", "or off"},
		{"MAX_MESSAGE_LENGTH=0", "MAX_MESSAGE_LENGTH", "from 1 to"},
		{"MAX_MESSAGE_LENGTH=4000", "MAX_FRAME_BYTES", "at least 16512"},
		{"MAX_FRAME_BYTES=1e4", "MAX_FRAME_BYTES", "a size such as"},
		{"MAX_CONNECTIONS=-1", "MAX_CONNECTIONS", "from 0 to"},
		{"MAX_CONNECTIONS=10 MAX_CONNECTIONS_PER_IP=11", "MAX_CONNECTIONS_PER_IP", "MAX_CONNECTIONS (10)"},
		{"TRUSTED_PROXIES=10.0.0.0/33", "TRUSTED_PROXIES", "addresses or networks"},
		{"TRUSTED_PROXIES=10.0.0.1,lb.internal", "TRUSTED_PROXIES", "addresses or networks"},
		{"OUTBOX_BYTES=16KiB MAX_FRAME_BYTES=17KiB", "OUTBOX_BYTES", "MAX_FRAME_BYTES (17KiB)"},
		{"FLUSH_INTERVAL=-1s", "FLUSH_INTERVAL", "from 0s to 1s"},
		{"PING_INTERVAL=25", "PING_INTERVAL", "a duration such as"},
		{"PING_INTERVAL=30s", "PRESENCE_TIMEOUT", "longer than PING_INTERVAL (30s)"},
		{"PRESENCE_DEBOUNCE=30s", "PRESENCE_DEBOUNCE", "shorter than PRESENCE_TIMEOUT"},
		{"HEARTBEAT_INTERVAL=22500ms", "INSTANCE_DEAD_AFTER", "twice HEARTBEAT_INTERVAL (22.5s)"},
		{"DEDUP_WINDOW=3m", "IDEMPOTENCY_WINDOW", "DEDUP_WINDOW (3m0s)"},
		{"JOURNAL_MAX_BYTES=1KiB", "JOURNAL_MAX_BYTES", "from 1MiB"},
		{"DRAIN_DELAY=25s", "SHUTDOWN_TIMEOUT", "longer than DRAIN_DELAY (25s)"},
		{"SHUTDOWN_TIMEOUT=0s", "SHUTDOWN_TIMEOUT", "from 1s"},
		{"TLS_CERT=c.pem", "TLS_KEY", "set if TLS_CERT is set"},
		{"TLS_KEY=k.pem", "TLS_CERT", "set if TLS_KEY is set"},
		{"TLS_CERT=c.pem TLS_KEY=k.pem", "TLS_CERT", "open c.pem: no such file"},
		{"COMPRESSION=maybe", "COMPRESSION", "true or false"},
		{"LOG_LEVEL=loud", "LOG_LEVEL", "debug, info, warn or error"},
		{"LOG_FORMAT=xml", "LOG_FORMAT", "json or console"},
	} {
		t.Run(row.settings, func(t *testing.T) { checkProblem(t, row.settings, row.variable, row.want) })
	}
}

func checkProblem(t *testing.T, settings, variable, want string) {
	t.Helper()
	pairs := map[string]string{}
	name := ""
	for word := range strings.SplitSeq(settings, " ") {
		if key, value, ok := strings.Cut(word, "="); ok && key == strings.ToUpper(key) {
			name, pairs[key] = key, value
		} else {
			pairs[name] += " " + word
		}
	}
	_, err := loadConfig(nil, env(pairs))
	if err == nil {
		t.Fatal("no error")
	}
	lines := strings.Split(err.Error(), "\n")[1:]
	if len(lines) != 1 {
		t.Fatalf("%d problems, want 1: %v", len(lines), err)
	}
	if line := strings.TrimSpace(lines[0]); !strings.HasPrefix(line, variable) || !strings.Contains(line, want) || !strings.Contains(line, " must ") {
		t.Errorf("problem %q, want %s with %q", line, variable, want)
	}
}
