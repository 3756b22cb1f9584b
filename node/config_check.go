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

// A rule relates settings to one another. The first variable is the one that is reported. It is
// only looked at when all its variables are well-formed.
type rule struct {
	violated  bool
	variables []string
	value     any // of the first variable; nil: not shown
	must      string
}

func (c *Config) rules() []rule {
	return slices.Concat(c.accessRules(), c.timingRules(), c.sizeRules())
}

func (c *Config) accessRules() []rule {
	return []rule{
		{!validListenHost(c.Host), []string{"HOST"}, c.Host, "must be an IP address or a host name"},
		{c.TLSCert == "" && c.TLSKey != "", []string{"TLS_CERT", "TLS_KEY"}, nil, "must be set where TLS_KEY is"},
		{c.TLSKey == "" && c.TLSCert != "", []string{"TLS_KEY", "TLS_CERT"}, nil, "must be set where TLS_CERT is"},
		c.certificateRule(),
		{
			c.AdminAPIKey.IsSet() && c.AdminAPIKey.Reveal() == c.MetricsAPIKey.Reveal(),
			[]string{"ADMIN_API_KEY", "METRICS_API_KEY"},
			hiddenText, "must differ from METRICS_API_KEY, which monitoring systems hold",
		},
		{
			c.GuestAccess == auth.GuestsOff && !c.AcceptsTokens(),
			[]string{"GUEST_ACCESS", "AUTH_JWT_SECRET", "AUTH_JWKS_URL"},
			c.GuestAccess, "must be read or write where neither AUTH_JWT_SECRET nor AUTH_JWKS_URL is set, or nobody could connect",
		},
	}
}

// certificateRule reads the files, so that what is wrong with them is said with all the rest.
func (c *Config) certificateRule() rule {
	if c.TLSCert == "" || c.TLSKey == "" {
		return rule{}
	}
	_, err := tls.LoadX509KeyPair(c.TLSCert, c.TLSKey)
	return rule{
		err != nil,
		[]string{"TLS_CERT", "TLS_KEY"},
		c.TLSCert,
		fmt.Sprintf("must be a certificate chain in PEM, and TLS_KEY its private key: %v", err),
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

// frameOverhead is room in a frame for everything but the message's text.
const frameOverhead = 512

func (c *Config) sizeRules() []rule {
	return []rule{
		{c.DataDir == "", []string{"DATA_DIR"}, nil, "must name a folder"},
		{
			c.Recent > c.HistorySize,
			[]string{"RECENT", "HISTORY_SIZE"},
			c.Recent, fmt.Sprintf("must not be more than HISTORY_SIZE (%d)", c.HistorySize),
		},
		{
			int64(c.MaxFrameBytes) < 4*int64(c.MaxMessageLength)+frameOverhead,
			[]string{"MAX_FRAME_BYTES", "MAX_MESSAGE_LENGTH"},
			c.MaxFrameBytes, fmt.Sprintf("must be at least %d, 4 bytes for each character of MAX_MESSAGE_LENGTH and %d more", 4*c.MaxMessageLength+frameOverhead, frameOverhead),
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

// IgnoresRedis says whether REDIS_URL was set to no effect: more likely an oversight than a wish.
func (c *Config) IgnoresRedis() bool {
	field, _ := reflect.TypeFor[Config]().FieldByName("RedisURL")
	return !c.EnableDistributedChat && c.RedisURL.Reveal() != field.Tag.Get("default")
}

// validListenHost says whether s is an IP address or looks like a host name.
func validListenHost(s string) bool {
	if strings.Contains(s, ":") {
		return net.ParseIP(s) != nil
	}
	return s != "" && !strings.ContainsAny(s, " \t\r\n/@[]")
}
