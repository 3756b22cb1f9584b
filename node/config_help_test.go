package node

import (
	"reflect"
	"slices"
	"strings"
	"testing"
)

// documentedSettings are all settings of the design.
var documentedSettings = strings.Fields(`
	HOST PORT ENABLE_DISTRIBUTED_CHAT INSTANCE_ID REDIS_URL METRICS_API_KEY ADMIN_API_KEY AUTH_JWT_SECRET AUTH_JWKS_URL
	GUEST_ACCESS ALLOWED_ORIGINS DATA_DIR HISTORY_SIZE RECENT RATE_LIMIT MAX_MESSAGE_LENGTH MAX_FRAME_BYTES MAX_CONNECTIONS
	MAX_CONNECTIONS_PER_IP TRUSTED_PROXIES OUTBOX_BYTES FLUSH_INTERVAL PING_INTERVAL PRESENCE_TIMEOUT PRESENCE_DEBOUNCE HEARTBEAT_INTERVAL
	INSTANCE_DEAD_AFTER DEDUP_WINDOW IDEMPOTENCY_WINDOW JOURNAL_MAX_BYTES DRAIN_DELAY SHUTDOWN_TIMEOUT TLS_CERT TLS_KEY
	COMPRESSION LOG_LEVEL LOG_FORMAT`)

func TestSettingsAreDocumented(t *testing.T) {
	have := variables()
	for _, name := range documentedSettings {
		if !slices.Contains(have, name) {
			t.Errorf("%s is missing", name)
		}
	}
	if len(have) != len(documentedSettings) {
		t.Errorf("%d settings, want %d", len(have), len(documentedSettings))
	}
	for field := range reflect.TypeFor[Config]().Fields() {
		for _, tag := range []string{"var", "help", "group"} {
			if field.Tag.Get(tag) == "" {
				t.Errorf("%s has no %s tag", field.Name, tag)
			}
		}
	}
}

func TestEveryVariableHasAFlag(t *testing.T) {
	for _, name := range variables() {
		flag := "--" + strings.ReplaceAll(strings.ToLower(name), "_", "-")
		_, err := loadConfig([]string{flag + "="}, env(nil))
		if err != nil && strings.Contains(err.Error(), "unknown flag") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// variables returns the environment variables of all settings.
func variables() (names []string) {
	for field := range reflect.TypeFor[Config]().Fields() {
		names = append(names, field.Tag.Get("var"))
	}
	return names
}
