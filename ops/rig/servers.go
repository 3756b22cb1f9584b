package rig

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"strconv"

	"github.com/redis/go-redis/v9"

	"chatnode/transport/proctest"
)

// metricsKey opens /metrics of the nodes.
const metricsKey = "a key of measurements, 32 bytes long"

// StartNodes starts nodes that accept messages of guests without a rate limit. If a redis-server was started they
// use it; otherwise each node is standalone. env is added to their settings.
func (b *Bench) StartNodes(n int, env ...string) {
	env = slices.Concat([]string{
		"GUEST_ACCESS=write", "RATE_LIMIT=off", "LOG_LEVEL=warn", "LOG_FORMAT=json", "DRAIN_DELAY=0s", "METRICS_API_KEY=" + metricsKey,
	}, env)
	if b.Redis != nil {
		env = append(env, "ENABLE_DISTRIBUTED_CHAT=true", "REDIS_URL=redis://"+b.Redis.Addr)
	}
	for range n {
		data, err := os.MkdirTemp(b.Dir, "data-*")
		b.Fail(err)
		b.StartServer("chatnode", b.node, func(port string) (args, all []string) {
			return nil, slices.Concat(env, []string{"HOST=127.0.0.1", "PORT=" + port, "INSTANCE_ID=node-" + port, "DATA_DIR=" + data})
		})
	}
}

// StartServer starts a server and waits until its /readyz returns 200. with returns its arguments and settings for a
// port of 127.0.0.1.
func (b *Bench) StartServer(name, path string, with func(port string) (args, env []string)) {
	port := b.FreePort()
	args, env := with(port)
	p := newProcess(name, port, path, args...)
	p.cmd.Env = append(os.Environ(), env...)
	b.Servers = append(b.Servers, p)
	b.start(p, func(ctx context.Context) error {
		_, err := p.get(ctx, "/readyz")
		return err
	})
}

// StartRedis starts a redis-server without persistence.
func (b *Bench) StartRedis() {
	port := b.FreePort()
	b.Redis = newProcess("redis", port, "redis-server", "--bind", "127.0.0.1", "--port", port, "--save", "", "--dir", b.Dir)
	b.Client = redis.NewClient(&redis.Options{Addr: b.Redis.Addr, DisableIdentity: true})
	b.start(b.Redis, func(ctx context.Context) error { return b.Client.Ping(ctx).Err() })
}

// FreePort returns a port of 127.0.0.1 on which no process listens.
func (b *Bench) FreePort() string {
	port, err := proctest.FreePort()
	b.Fail(err)
	return strconv.Itoa(port)
}

// processes returns the servers, then Redis.
func (b *Bench) processes() []*Process {
	if b.Redis == nil {
		return b.Servers
	}
	return append(slices.Clone(b.Servers), b.Redis)
}

// get returns the body of a page if its status is 200.
func (p *Process) get(ctx context.Context, path string) (string, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+p.Addr+path, nil)
	if err != nil {
		return "", err
	}
	req.Close = true
	req.Header.Set("Authorization", "Bearer "+metricsKey)
	req.Header.Set("Accept", "text/plain")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return "", err
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err == nil && res.StatusCode != http.StatusOK {
		err = fmt.Errorf("GET %s of %s: %s", path, p.Name, res.Status)
	}
	return string(text), err
}
