package redisbus

import (
	"crypto/tls"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/maintnotifications"
)

// These settings give a client exactly one connection and leave every retry to its caller. The client has a pool of
// one connection and no pipeline pool. It does not retry commands or dials, and sends no CLIENT SETINFO. RESP2 is
// sufficient, and avoids the check for push messages.
const (
	onePerPool      = 1
	noPipelinePool  = -1
	noRetries       = -1
	oneDial         = 1
	neverIdleClosed = time.Duration(-1)
	resp2           = 2
)

// open returns a client for the address. The client dials on its first command.
func (a Address) open(name string, timeout time.Duration) redis.UniversalClient {
	switch a.shape {
	case sentinel:
		return redis.NewFailoverClient(a.failover(name, timeout))
	case cluster:
		return redis.NewClusterClient(a.clustered(name, timeout))
	case standalone:
	}
	return redis.NewClient(a.node(a.hosts[0], name, timeout))
}

// node returns the options for one server at addr.
func (a Address) node(addr, name string, timeout time.Duration) *redis.Options {
	return &redis.Options{
		Addr: addr, ClientName: name, Username: a.user, Password: a.pass, DB: a.db, TLSConfig: a.tlsConfig(),
		Protocol: resp2, PoolSize: onePerPool, MaxActiveConns: onePerPool, PipelinePoolSize: noPipelinePool,
		MaxRetries: noRetries, DialerRetries: oneDial, ConnMaxIdleTime: neverIdleClosed,
		DialTimeout: timeout, ReadTimeout: timeout, WriteTimeout: timeout, PoolTimeout: timeout,
		ContextTimeoutEnabled: true, DisableIdentity: true, MaintNotificationsConfig: noNotifications(),
	}
}

func (a Address) failover(name string, timeout time.Duration) *redis.FailoverOptions {
	return &redis.FailoverOptions{
		MasterName: a.master, SentinelAddrs: a.hosts, SentinelUsername: a.sentUser, SentinelPassword: a.sentPass,
		ClientName: name, Username: a.user, Password: a.pass, DB: a.db, TLSConfig: a.tlsConfig(),
		Protocol: resp2, PoolSize: onePerPool, MaxActiveConns: onePerPool, PipelinePoolSize: noPipelinePool,
		MaxRetries: noRetries, DialerRetries: oneDial, ConnMaxIdleTime: neverIdleClosed,
		DialTimeout: timeout, ReadTimeout: timeout, WriteTimeout: timeout, PoolTimeout: timeout,
		ContextTimeoutEnabled: true, DisableIdentity: true,
	}
}

func (a Address) clustered(name string, timeout time.Duration) *redis.ClusterOptions {
	return &redis.ClusterOptions{
		Addrs: a.hosts, ClientName: name, Username: a.user, Password: a.pass, TLSConfig: a.tlsConfig(),
		Protocol: resp2, PoolSize: onePerPool, PipelinePoolSize: noPipelinePool,
		MaxRetries: noRetries, DialerRetries: oneDial, ConnMaxIdleTime: neverIdleClosed,
		DialTimeout: timeout, ReadTimeout: timeout, WriteTimeout: timeout, PoolTimeout: timeout,
		ContextTimeoutEnabled: true, DisableIdentity: true, MaintNotificationsConfig: noNotifications(),
	}
}

// tlsConfig returns a copy, because the client sets ServerName in it.
func (a Address) tlsConfig() *tls.Config { return a.tls.Clone() }

func noNotifications() *maintnotifications.Config {
	return &maintnotifications.Config{Mode: maintnotifications.ModeDisabled}
}
