package node

import (
	"net"
	"strconv"
	"time"

	"chatnode/transport/auth"
)

// Config is the configuration of a node. Each field is an environment variable, named by its tag var, and a flag:
// PING_INTERVAL is --ping-interval. The tags min and max limit numbers, durations, sizes and the length of secrets.
// config_check.go checks relations between fields.
type Config struct {
	Host       string     `var:"HOST" default:"0.0.0.0" group:"node" help:"Address to listen on."`
	Port       int        `var:"PORT" default:"3001" min:"0" max:"65535" group:"node" help:"Port to listen on. 0 picks a free port."`
	InstanceID InstanceID `var:"INSTANCE_ID" group:"node" placeholder:"NAME" help:"Name of this node, unique in the cluster: 1 to 64 letters, digits, dots, underscores or hyphens. Default: the host name and a random suffix."`
	TLSCert    string     `var:"TLS_CERT" group:"node" placeholder:"FILE" help:"PEM file with the certificate chain. Without it the node serves plain HTTP and the load balancer terminates TLS."`
	TLSKey     string     `var:"TLS_KEY" group:"node" placeholder:"FILE" help:"PEM file with the private key of TLS_CERT."`

	EnableDistributedChat bool          `var:"ENABLE_DISTRIBUTED_CHAT" default:"false" group:"cluster" help:"true: run as one of several nodes that share Redis. false: run as a single node on the embedded log."`
	RedisURL              RedisURL      `var:"REDIS_URL" default:"redis://127.0.0.1:6379" group:"cluster" help:"Redis server: redis:// or rediss:// (TLS) for one server, redis+sentinel://user:pw@s1:26379,s2:26379/0?master_name=M for Sentinel, redis+cluster://user:pw@n1:6379,n2:6379 for Cluster."`
	HeartbeatInterval     time.Duration `var:"HEARTBEAT_INTERVAL" default:"10s" min:"1s" max:"1h" group:"cluster" help:"Interval at which the node renews its entry in the instance registry."`
	InstanceDeadAfter     time.Duration `var:"INSTANCE_DEAD_AFTER" default:"45s" min:"3s" max:"24h" group:"cluster" help:"Remove a node from the registry after this long without a heartbeat. Must be more than twice HEARTBEAT_INTERVAL."`

	MetricsAPIKey  Secret           `var:"METRICS_API_KEY" min:"32" group:"access" placeholder:"KEY" help:"Bearer token for /metrics; at least 32 characters."`
	AdminAPIKey    Secret           `var:"ADMIN_API_KEY" min:"32" group:"access" placeholder:"KEY" help:"Bearer token for /api/v1; at least 32 characters."`
	AuthJWTSecret  Secret           `var:"AUTH_JWT_SECRET" min:"32" group:"access" placeholder:"SECRET" help:"Shared secret for HS256 tokens; at least 32 characters. Claims read: sub, name, role, avatar, exp."`
	AuthJWKSURL    KeySetURL        `name:"auth-jwks-url" var:"AUTH_JWKS_URL" group:"access" placeholder:"URL" help:"URL of the JSON Web Key Set for RS256, ES256 and EdDSA tokens."`
	GuestAccess    auth.GuestAccess `var:"GUEST_ACCESS" group:"access" placeholder:"off|read|write" help:"Access for clients without a token: off, read or write. Default: read if AUTH_JWT_SECRET or AUTH_JWKS_URL is set, otherwise write."`
	AllowedOrigins auth.Origins     `var:"ALLOWED_ORIGINS" group:"access" placeholder:"ORIGIN,..." help:"Comma-separated origins that may connect in addition to this server's own, or * for any."`

	DataDir         string `var:"DATA_DIR" default:"./data" group:"storage" help:"Directory for the embedded log and the journal."`
	HistorySize     int    `var:"HISTORY_SIZE" default:"10000" min:"1" max:"100000000" group:"storage" help:"Entries kept in the log of each room."`
	Recent          int    `var:"RECENT" default:"256" min:"1" max:"65536" group:"storage" help:"Entries of each room cached in memory."`
	JournalMaxBytes Bytes  `var:"JOURNAL_MAX_BYTES" default:"268435456" min:"1MiB" max:"1TiB" group:"storage" help:"Maximum size of the journal, which stores writes while Redis is unavailable."`

	RateLimit           Rate    `var:"RATE_LIMIT" default:"10/1s" group:"limits" help:"Messages per time window for each session, such as 10/1s, or off."`
	MaxMessageLength    int     `var:"MAX_MESSAGE_LENGTH" default:"2000" min:"1" max:"1000000" group:"limits" help:"Maximum message length in Unicode characters."`
	MaxFrameBytes       Bytes   `var:"MAX_FRAME_BYTES" default:"16384" min:"1KiB" max:"16MiB" group:"limits" help:"Maximum size of a frame from a client."`
	MaxConnections      int     `var:"MAX_CONNECTIONS" default:"0" min:"0" max:"10000000" group:"limits" help:"Maximum number of open connections. 0: unlimited."`
	MaxConnectionsPerIP int     `var:"MAX_CONNECTIONS_PER_IP" default:"0" min:"0" max:"10000000" group:"limits" help:"Maximum number of open connections per client address. 0: unlimited."`
	TrustedProxies      Proxies `var:"TRUSTED_PROXIES" group:"limits" placeholder:"CIDR,..." help:"Comma-separated addresses or networks of load balancers, such as 10.0.0.0/8. X-Forwarded-For is used only from these."`
	OutboxBytes         Bytes   `var:"OUTBOX_BYTES" default:"262144" min:"16KiB" max:"1GiB" group:"limits" help:"Bytes queued for a slow client before the node closes its connection."`

	FlushInterval     time.Duration `var:"FLUSH_INTERVAL" default:"0s" min:"0s" max:"1s" group:"timing" help:"Minimum time between two write passes of a writer. 0s: write as soon as there is data."`
	PingInterval      time.Duration `var:"PING_INTERVAL" default:"25s" min:"1s" max:"1h" group:"timing" help:"Maximum time between two signs of life from a client."`
	PresenceTimeout   time.Duration `var:"PRESENCE_TIMEOUT" default:"30s" min:"2s" max:"2h" group:"timing" help:"Disconnect a client after this long without a sign of life. Must be longer than PING_INTERVAL."`
	PresenceDebounce  time.Duration `var:"PRESENCE_DEBOUNCE" default:"500ms" min:"1ms" max:"1m" group:"timing" help:"Time over which presence changes of a room are collected into one update."`
	DedupWindow       time.Duration `var:"DEDUP_WINDOW" default:"5s" min:"100ms" max:"10m" group:"timing" help:"Show an entry once if it is delivered again within this time. At least 75s with Redis, because entries lost in a failover may be appended again for that long."`
	IdempotencyWindow time.Duration `var:"IDEMPOTENCY_WINDOW" default:"2m" min:"1s" max:"24h" group:"timing" help:"Store a write once if it is retried with the same id within this time."`
	DrainDelay        time.Duration `var:"DRAIN_DELAY" default:"5s" min:"0s" max:"10m" group:"timing" help:"Time during which a stopping node still accepts connections, so that the load balancer can remove it."`
	ShutdownTimeout   time.Duration `var:"SHUTDOWN_TIMEOUT" default:"25s" min:"1s" max:"1h" group:"timing" help:"Maximum duration of a shutdown. Must be longer than DRAIN_DELAY."`

	Compression bool      `var:"COMPRESSION" default:"false" group:"output" help:"Enable permessage-deflate. Each broadcast is compressed once for all recipients."`
	LogLevel    LogLevel  `var:"LOG_LEVEL" default:"info" group:"output" help:"debug, info, warn or error. SIGHUP toggles between debug and this level."`
	LogFormat   LogFormat `var:"LOG_FORMAT" group:"output" placeholder:"json|console" help:"json or console. Default: console on a terminal, otherwise json."`
}

// Address returns the address to listen on, as host:port.
func (c *Config) Address() string { return net.JoinHostPort(c.Host, strconv.Itoa(c.Port)) }

// TLS reports whether the node terminates TLS.
func (c *Config) TLS() bool { return c.TLSCert != "" }

// TakesTokens reports whether tokens can be verified.
func (c *Config) TakesTokens() bool { return c.AuthJWTSecret.IsSet() || c.AuthJWKSURL != "" }
