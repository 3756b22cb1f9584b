package redisbus

import (
	"context"
	"errors"
	"net"

	"github.com/redis/go-redis/v9"
)

// A router knows which server has a channel: the only one, the one that the sentinels call master,
// or in a cluster the master of the channel's slot.
type router struct {
	addr    Address
	opts    *Options
	name    string
	cluster *redis.ClusterClient // nil where there is none
	master  string               // host:port, once found
}

func newRouter(addr Address, name string, opts *Options) *router {
	r := &router{addr: addr, opts: opts, name: name}
	if addr.shape == cluster {
		r.cluster = redis.NewClusterClient(addr.clustered(name, opts.Timeout))
	}
	return r
}

// host returns the host:port of the server that has the channel.
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
		return r.ask(ctx)
	default:
		return r.addr.hosts[0], nil
	}
}

// ask asks one sentinel after the other.
func (r *router) ask(ctx context.Context) (string, error) {
	var errs []error
	for _, host := range r.addr.hosts {
		o := r.addr.node(host, r.name, r.opts.Timeout)
		o.Username, o.Password, o.DB = r.addr.sentUser, r.addr.sentPass, 0
		client := redis.NewSentinelClient(o)
		pair, err := client.GetMasterAddrByName(ctx, r.addr.master).Result()
		_ = client.Close() // it was for one question
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
	return wrapOp("close the subscription's router", r.cluster.Close())
}
