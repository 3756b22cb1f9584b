package rig

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"time"
)

// MetricsKey opens /metrics of the nodes that are started here.
const MetricsKey = "a key of measurements, 32 bytes long"

// StartServer starts a program that serves HTTP at an address of its own, and waits until its /readyz
// says 200. args and env are made from the address.
func (g *Group) StartServer(ctx context.Context, dir, name, path string, with func(host, port string) (args, env []string)) (*Program, error) {
	addr, err := FreePort()
	if err != nil {
		return nil, err
	}
	host, port, _ := net.SplitHostPort(addr) // FreePort has joined it
	args, env := with(host, port)
	p, err := Start(dir, name, path, args, env)
	if err != nil {
		return nil, err
	}
	g.Add(p)
	p.Addr = addr
	return p, p.Await(ctx, func() bool { return ready(ctx, addr) })
}

// StartNode starts a chatnode that lets everybody write, as fast as they like, on the Redis at the
// URL, or alone where that is empty. env is settings over these.
func (g *Group) StartNode(ctx context.Context, dir, path, redisURL string, env []string) (*Program, error) {
	data, err := os.MkdirTemp(dir, "data-*")
	if err != nil {
		return nil, fmt.Errorf("the folder of a node: %w", err)
	}
	return g.StartServer(ctx, dir, "chatnode", path, func(host, port string) (args, all []string) {
		all = []string{
			"HOST=" + host, "PORT=" + port, "DATA_DIR=" + data, "INSTANCE_ID=node-" + port, "GUEST_ACCESS=write", "RATE_LIMIT=off",
			"LOG_LEVEL=warn", "LOG_FORMAT=json", "DRAIN_DELAY=0s", "SHUTDOWN_TIMEOUT=5s", "METRICS_API_KEY=" + MetricsKey,
		}
		if redisURL != "" {
			all = append(all, "ENABLE_DISTRIBUTED_CHAT=true", "REDIS_URL="+redisURL)
		}
		return nil, append(all, env...)
	})
}

// StartRedis starts a redis-server that keeps nothing on disk.
func (g *Group) StartRedis(ctx context.Context, dir string) (*Program, error) {
	path, err := exec.LookPath("redis-server")
	if err != nil {
		return nil, fmt.Errorf("%w; install it with: apt-get install redis-server", err)
	}
	addr, err := FreePort()
	if err != nil {
		return nil, err
	}
	host, port, _ := net.SplitHostPort(addr) // FreePort has joined it
	p, err := Start(dir, "redis", path, []string{"--bind", host, "--port", port, "--save", "", "--appendonly", "no", "--dir", dir}, nil)
	if err != nil {
		return nil, err
	}
	g.Add(p)
	p.Addr = addr
	return p, p.Await(ctx, func() bool {
		conn, err := net.DialTimeout("tcp", addr, time.Second)
		if err != nil {
			return false
		}
		return conn.Close() == nil
	})
}

// ready says whether a server takes traffic.
func ready(ctx context.Context, addr string) bool {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+addr+"/readyz", nil)
	if err != nil {
		return false
	}
	req.Close = true
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return false
	}
	_ = res.Body.Close() // unread: only the status counts
	return res.StatusCode == http.StatusOK
}
