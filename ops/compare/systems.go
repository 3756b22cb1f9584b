package main

import (
	"context"
	"slices"

	"chatnode/ops/rig"
)

// chatnode is the system that the others are there for; bound is what the ratios are to.
const (
	chatnode = "chatnode"
	bound    = "log"
)

// known is what can be compared. All but chatnode are modes of the peer.
var known = []string{chatnode, bound, "writers", "broadcaster"}

// programs are the paths of what was built.
type programs struct{ chatnode, peer, loadtest string }

// build compiles what the systems need, into dir; the node with a profiler where one is wanted.
func build(ctx context.Context, dir string, profiled bool) (p programs, err error) {
	for _, b := range []struct {
		pkg  string
		path *string
	}{{"node/chatnode", &p.chatnode}, {"ops/compare/peer", &p.peer}, {"ops/loadtest", &p.loadtest}} {
		if *b.path, err = rig.Build(ctx, dir, b.pkg); err != nil {
			return p, err
		}
	}
	if profiled {
		p.chatnode, err = buildProfiled(ctx, dir)
	}
	return p, err
}

// A system is a server, or several around one Redis, that runs.
type system struct {
	group   rig.Group
	servers []*rig.Program
	redis   *rig.Program // nil without
	profile string       // where the first node gives its profile; empty: nowhere
}

// start starts one system. It must be stopped, also after an error.
func start(ctx context.Context, dir string, p programs, name string, o *options) (*system, error) {
	s := &system{}
	if name != chatnode {
		server, err := s.group.StartServer(ctx, dir, name, p.peer, func(host, port string) (args, env []string) {
			return []string{"-mode", name, "-addr", host + ":" + port}, nil
		})
		s.servers = append(s.servers, server)
		return s, err
	}
	url := ""
	if o.redis {
		var err error
		if s.redis, err = s.group.StartRedis(ctx, dir); err != nil {
			return s, err
		}
		url = "redis://" + s.redis.Addr
	}
	env := o.env
	if o.profile != "" {
		var err error
		if s.profile, err = rig.FreePort(); err != nil {
			return s, err
		}
		env = append(slices.Clone(env), "PROFILE_ADDR="+s.profile)
	}
	for range o.nodes {
		node, err := s.group.StartNode(ctx, dir, p.chatnode, url, env)
		if err != nil {
			return s, err
		}
		s.servers = append(s.servers, node)
	}
	return s, nil
}

// addrs are where clients connect.
func (s *system) addrs() []string {
	var all []string
	for _, p := range s.servers {
		all = append(all, p.Addr)
	}
	return all
}

// watched is the servers, and behind them Redis where there is one.
func (s *system) watched() []*rig.Program {
	if s.redis == nil {
		return s.servers
	}
	return append(s.servers[:len(s.servers):len(s.servers)], s.redis)
}
