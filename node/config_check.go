package node

import (
	"crypto/tls"
	"fmt"
	"net"
	"reflect"
	"slices"
	"strings"

	"chatnode/transport/auth"
)

// A rule is a condition on several settings. It is checked only if all of its variables have a valid value. Its
// problem is reported for the first variable.
type rule struct {
	violated  bool
	variables []string
	value     any // of the first variable; nil: not printed
	must      string
}

func (c *Config) rules() []rule {
	return slices.Concat(c.accessRules(), c.timingRules(), c.sizeRules())
}

func (c *Config) accessRules() []rule {
	return []rule{
		{!validListenHost(c.Host), []string{"HOST"}, c.Host, "must be an IP address or a host name"},
		{c.TLSCert == "" && c.TLSKey != "", []string{"TLS_CERT", "TLS_KEY"}, nil, "must be set if TLS_KEY is set"},
		{c.TLSKey == "" && c.TLSCert != "", []string{"TLS_KEY", "TLS_CERT"}, nil, "must be set if TLS_CERT is set"},
		c.certificateRule(),
		{
			c.AdminAPIKey.IsSet() && c.AdminAPIKey.Reveal() == c.MetricsAPIKey.Reveal(),
			[]string{"ADMIN_API_KEY", "METRICS_API_KEY"},
			hiddenText, "must differ from METRICS_API_KEY, because monitoring systems know that key",
		},
		{
			c.GuestAccess == auth.GuestsOff && !c.AcceptsTokens(),
			[]string{"GUEST_ACCESS", "AUTH_JWT_SECRET", "AUTH_JWKS_URL"},
			c.GuestAccess, "must be read or write if neither AUTH_JWT_SECRET nor AUTH_JWKS_URL is set, because otherwise no client could connect",
		},
	}
}

// certificateRule loads the files, so that their errors are reported together with all other problems.
func (c *Config) certificateRule() rule {
	if c.TLSCert == "" || c.TLSKey == "" {
		return rule{}
	}
	_, err := tls.LoadX509KeyPair(c.TLSCert, c.TLSKey)
	return rule{
		err != nil,
		[]string{"TLS_CERT", "TLS_KEY"},
		c.TLSCert,
		fmt.Sprintf("must be a PEM certificate chain, and TLS_KEY its private key: %v", err),
	}
}

func (c *Config) timingRules() []rule {
	return []rule{
		{
			c.PresenceTimeout <= c.PingInterval,
			[]string{"PRESENCE_TIMEOUT", "PING_INTERVAL"},
			c.PresenceTimeout, fmt.Sprintf("must be longer than PING_INTERVAL (%s)", c.PingInterval),
		},
		{
			c.PresenceDebounce >= c.PresenceTimeout,
			[]string{"PRESENCE_DEBOUNCE", "PRESENCE_TIMEOUT"},
			c.PresenceDebounce, fmt.Sprintf("must be shorter than PRESENCE_TIMEOUT (%s)", c.PresenceTimeout),
		},
		{
			c.InstanceDeadAfter <= 2*c.HeartbeatInterval,
			[]string{"INSTANCE_DEAD_AFTER", "HEARTBEAT_INTERVAL"},
			c.InstanceDeadAfter, fmt.Sprintf("must be longer than twice HEARTBEAT_INTERVAL (%s)", c.HeartbeatInterval),
		},
		{
			c.ShutdownTimeout <= c.DrainDelay,
			[]string{"SHUTDOWN_TIMEOUT", "DRAIN_DELAY"},
			c.ShutdownTimeout, fmt.Sprintf("must be longer than DRAIN_DELAY (%s)", c.DrainDelay),
		},
		{
			c.IdempotencyWindow < c.DedupWindow,
			[]string{"IDEMPOTENCY_WINDOW", "DEDUP_WINDOW"},
			c.IdempotencyWindow, fmt.Sprintf("must not be shorter than DEDUP_WINDOW (%s)", c.DedupWindow),
		},
	}
}

// frameOverhead is the number of bytes in a frame that are reserved for all fields except the text of the message.
const frameOverhead = 512

func (c *Config) sizeRules() []rule {
	return []rule{
		{c.DataDir == "", []string{"DATA_DIR"}, nil, "must be a directory"},
		{
			c.Recent > c.HistorySize,
			[]string{"RECENT", "HISTORY_SIZE"},
			c.Recent, fmt.Sprintf("must not be more than HISTORY_SIZE (%d)", c.HistorySize),
		},
		{
			int64(c.MaxFrameBytes) < 4*int64(c.MaxMessageLength)+frameOverhead,
			[]string{"MAX_FRAME_BYTES", "MAX_MESSAGE_LENGTH"},
			c.MaxFrameBytes, fmt.Sprintf("must be at least %d: 4 bytes for each character of MAX_MESSAGE_LENGTH, and %d for other fields", 4*c.MaxMessageLength+frameOverhead, frameOverhead),
		},
		{
			c.OutboxBytes < c.MaxFrameBytes,
			[]string{"OUTBOX_BYTES", "MAX_FRAME_BYTES"},
			c.OutboxBytes, fmt.Sprintf("must not be less than MAX_FRAME_BYTES (%s)", c.MaxFrameBytes),
		},
		{
			c.MaxConnections > 0 && c.MaxConnectionsPerIP > c.MaxConnections,
			[]string{"MAX_CONNECTIONS_PER_IP", "MAX_CONNECTIONS"},
			c.MaxConnectionsPerIP, fmt.Sprintf("must not be more than MAX_CONNECTIONS (%d)", c.MaxConnections),
		},
	}
}

// IgnoresRedis reports whether REDIS_URL is set, but has no effect because ENABLE_DISTRIBUTED_CHAT is false.
func (c *Config) IgnoresRedis() bool {
	field, _ := reflect.TypeFor[Config]().FieldByName("RedisURL")
	return !c.EnableDistributedChat && c.RedisURL.Reveal() != field.Tag.Get("default")
}

// validListenHost reports whether s is an IP address or may be a host name.
func validListenHost(s string) bool {
	if strings.Contains(s, ":") {
		return net.ParseIP(s) != nil
	}
	return s != "" && !strings.ContainsAny(s, " \t\r\n/@[]")
}
