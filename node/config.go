package node

import (
	"net"
	"strconv"
	"time"

	"chatnode/transport/auth"
)

// A Config is everything that can be set about a node. Every field is an environment variable,
// named by its var tag, and a flag: PING_INTERVAL is --ping-interval. min and max bound numbers,
// durations, bytes, and the length of secrets; relations between fields are in config_check.go.
type Config struct {
	Host       string     `var:"HOST" default:"0.0.0.0" group:"node" help:"Address to listen on."`
	Port       int        `var:"PORT" default:"3001" min:"0" max:"65535" group:"node" help:"Port to listen on; 0: any free one."`
	InstanceID InstanceID `var:"INSTANCE_ID" group:"node" placeholder:"NAME" help:"Name of this node, its own among all: 1 to 64 letters, digits, dots, underscores or hyphens. By default the host's name and a random part."`
	TLSCert    string     `var:"TLS_CERT" group:"node" placeholder:"FILE" help:"Certificate chain, PEM. Without it TLS ends at the load balancer."`
	TLSKey     string     `var:"TLS_KEY" group:"node" placeholder:"FILE" help:"Private key of TLS_CERT, PEM."`

	EnableDistributedChat bool          `var:"ENABLE_DISTRIBUTED_CHAT" default:"false" group:"cluster" help:"true: many nodes, one chat, through Redis. false: this node alone, on its embedded log."`
	RedisURL              RedisURL      `var:"REDIS_URL" default:"redis://127.0.0.1:6379" group:"cluster" help:"redis:// or rediss:// (TLS) and one server, redis+sentinel://user:pw@s1:26379,s2:26379/0?master_name=M, or redis+cluster://user:pw@n1:6379,n2:6379."`
	HeartbeatInterval     time.Duration `var:"HEARTBEAT_INTERVAL" default:"10s" min:"1s" max:"1h" group:"cluster" help:"How often the node tells the others that it lives."`
	InstanceDeadAfter     time.Duration `var:"INSTANCE_DEAD_AFTER" default:"45s" min:"3s" max:"24h" group:"cluster" help:"A node that was not heard of for so long is taken for dead; more than twice HEARTBEAT_INTERVAL."`

	MetricsAPIKey  Secret           `var:"METRICS_API_KEY" min:"32" group:"access" placeholder:"KEY" help:"Opens /metrics as a bearer token; at least 32 characters."`
	AdminAPIKey    Secret           `var:"ADMIN_API_KEY" min:"32" group:"access" placeholder:"KEY" help:"Opens /api/v1 as a bearer token; at least 32 characters."`
	AuthJWTSecret  Secret           `var:"AUTH_JWT_SECRET" min:"32" group:"access" placeholder:"SECRET" help:"Secret of HS256 tokens; at least 32 characters. Claims: sub, name, role, avatar, exp."`
	AuthJWKSURL    KeySetURL        `name:"auth-jwks-url" var:"AUTH_JWKS_URL" group:"access" placeholder:"URL" help:"Where the keys of RS256, ES256 and EdDSA tokens are published."`
	GuestAccess    auth.GuestAccess `var:"GUEST_ACCESS" group:"access" placeholder:"off|read|write" help:"What clients without a token may do: off, read or write. By default write where neither AUTH_JWT_SECRET nor AUTH_JWKS_URL is set, else read."`
	AllowedOrigins auth.Origins     `var:"ALLOWED_ORIGINS" group:"access" placeholder:"ORIGIN,..." help:"Origins whose pages may connect, besides this server's own; comma-separated, * for all."`

	DataDir         string `var:"DATA_DIR" default:"./data" group:"storage" help:"Folder of the embedded log and the journal."`
	HistorySize     int    `var:"HISTORY_SIZE" default:"10000" min:"1" max:"100000000" group:"storage" help:"Entries that a room keeps in its log."`
	Recent          int    `var:"RECENT" default:"256" min:"1" max:"65536" group:"storage" help:"Entries that a room keeps in memory."`
	JournalMaxBytes Bytes  `var:"JOURNAL_MAX_BYTES" default:"268435456" min:"1MiB" max:"1TiB" group:"storage" help:"Bound of the journal that holds what is written while Redis is lost."`

	RateLimit           Rate    `var:"RATE_LIMIT" default:"10/1s" group:"limits" help:"Messages that a session may send in a time, or off."`
	MaxMessageLength    int     `var:"MAX_MESSAGE_LENGTH" default:"2000" min:"1" max:"1000000" group:"limits" help:"Longest message, in Unicode characters."`
	MaxFrameBytes       Bytes   `var:"MAX_FRAME_BYTES" default:"16384" min:"1KiB" max:"16MiB" group:"limits" help:"Longest frame that a client may send."`
	MaxConnections      int     `var:"MAX_CONNECTIONS" default:"0" min:"0" max:"10000000" group:"limits" help:"Most connections at a time; 0: no limit."`
	MaxConnectionsPerIP int     `var:"MAX_CONNECTIONS_PER_IP" default:"0" min:"0" max:"10000000" group:"limits" help:"Most connections of one address at a time; 0: no limit."`
	TrustedProxies      Proxies `var:"TRUSTED_PROXIES" group:"limits" placeholder:"CIDR,..." help:"Load balancers whose X-Forwarded-For says who connects: addresses or networks such as 10.0.0.0/8, comma-separated. Nobody else's is believed."`
	OutboxBytes         Bytes   `var:"OUTBOX_BYTES" default:"262144" min:"16KiB" max:"1GiB" group:"limits" help:"What may be queued for a slow client before it is cut."`

	FlushInterval     time.Duration `var:"FLUSH_INTERVAL" default:"0s" min:"0s" max:"1s" group:"timing" help:"A writer makes at most one pass in this time; 0s: as soon as there is something."`
	PingInterval      time.Duration `var:"PING_INTERVAL" default:"25s" min:"1s" max:"1h" group:"timing" help:"How often a client must show a sign of life."`
	PresenceTimeout   time.Duration `var:"PRESENCE_TIMEOUT" default:"30s" min:"2s" max:"2h" group:"timing" help:"A client that was silent for so long is gone; longer than PING_INTERVAL."`
	PresenceDebounce  time.Duration `var:"PRESENCE_DEBOUNCE" default:"500ms" min:"1ms" max:"1m" group:"timing" help:"Changes of a room's presence are gathered for so long."`
	DedupWindow       time.Duration `var:"DEDUP_WINDOW" default:"5s" min:"100ms" max:"10m" group:"timing" help:"Entries heard twice in this time are shown once. With Redis it is 75s at least: what a failover has lost may be stored again for so long."`
	IdempotencyWindow time.Duration `var:"IDEMPOTENCY_WINDOW" default:"2m" min:"1s" max:"24h" group:"timing" help:"A write tried again under the same id in this time is stored once."`
	DrainDelay        time.Duration `var:"DRAIN_DELAY" default:"5s" min:"0s" max:"10m" group:"timing" help:"How long a node that shuts down still accepts connections, for the load balancer to notice."`
	ShutdownTimeout   time.Duration `var:"SHUTDOWN_TIMEOUT" default:"25s" min:"1s" max:"1h" group:"timing" help:"A shutdown takes no longer than this; longer than DRAIN_DELAY."`

	Compression bool      `var:"COMPRESSION" default:"false" group:"output" help:"Compress frames (permessage-deflate), once a broadcast."`
	LogLevel    LogLevel  `var:"LOG_LEVEL" default:"info" group:"output" help:"debug, info, warn or error. SIGHUP switches between debug and this."`
	LogFormat   LogFormat `var:"LOG_FORMAT" group:"output" placeholder:"json|console" help:"json or console. By default console on a terminal, else json."`
}

// Address is where the node listens, as host:port.
func (c *Config) Address() string { return net.JoinHostPort(c.Host, strconv.Itoa(c.Port)) }

// TLS says whether the node speaks TLS itself.
func (c *Config) TLS() bool { return c.TLSCert != "" }

// TakesTokens says whether there is a way to verify tokens.
func (c *Config) TakesTokens() bool { return c.AuthJWTSecret.IsSet() || c.AuthJWKSURL != "" }
