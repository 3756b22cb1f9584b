package redisbus

import (
	"context"
	"errors"
	"net"

	"github.com/redis/go-redis/v9"
)

// router finds the server of a channel: the only server, the master according to the sentinels, or in a cluster the
// master of the slot of the channel.
type router struct {
	addr    Address
	opts    *Options
	name    string
	cluster *redis.ClusterClient // nil if Redis is not a cluster
	master  string               // host:port from a sentinel; empty: not requested yet
}

func newRouter(addr Address, name string, opts *Options) *router {
	r := &router{addr: addr, opts: opts, name: name}
	if addr.shape == cluster {
		r.cluster = redis.NewClusterClient(addr.clustered(name, opts.Timeout))
	}
	return r
}

// host returns the host:port of the server of the channel.
func (r *router) host(ctx context.Context, channel string) (string, error) {
	switch r.addr.shape {
	case cluster:
		node, err := r.cluster.MasterForKey(ctx, channel)
		if err != nil {
			return "", err
		}
		return node.Options().Addr, nil
	case sentinel:
		if r.master != "" {
			return r.master, nil
		}
		return r.findMaster(ctx)
	case standalone:
	}
	return r.addr.hosts[0], nil
}

// findMaster requests the master from the sentinels, one after the other, until one answers.
func (r *router) findMaster(ctx context.Context) (string, error) {
	var errs []error
	for _, host := range r.addr.hosts {
		o := r.addr.node(host, r.name, r.opts.Timeout)
		o.Username, o.Password, o.DB = r.addr.sentUser, r.addr.sentPass, 0
		client := redis.NewSentinelClient(o)
		pair, err := client.GetMasterAddrByName(ctx, r.addr.master).Result()
		_ = client.Close() // used for one command only
		if err == nil && len(pair) == 2 {
			r.master = net.JoinHostPort(pair[0], pair[1])
			return r.master, nil
		}
		errs = append(errs, err)
	}
	return "", errors.Join(errs...)
}

func (r *router) close() error {
	if r.cluster == nil {
		return nil
	}
	return wrapOp("close router", r.cluster.Close())
}
