package main

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"chatnode/node"
	"chatnode/transport/auth"

	"github.com/rs/zerolog"
)

// runs is a node that is nothing but a function.
type runs func(ctx context.Context) error

func (r runs) Run(ctx context.Context) error { return r(ctx) }

// A console is a world that remembers.
type console struct {
	environment
	out, err bytes.Buffer
	built    node.Config
}

func newConsole(pairs map[string]string, run runs) *console {
	c := &console{}
	c.environment = environment{
		lookup: func(name string) (string, bool) { v, ok := pairs[name]; return v, ok },
		stdout: &c.out, stderr: &c.err, exit: func(int) {},
		build: func(cfg node.Config, _ zerolog.Logger, _ string) (runner, error) {
			c.built = cfg
			return run, nil
		},
	}
	return c
}

func (c *console) do(args ...string) int { return c.run(context.Background(), args) }

func served(context.Context) error { return nil }

func TestServeIsTheDefault(t *testing.T) {
	for _, args := range [][]string{{}, {"serve"}, {"--port=4001"}, {"serve", "--port", "4001"}} {
		c := newConsole(map[string]string{"PORT": "4001", "LOG_FORMAT": "json"}, served)
		if code := c.do(args...); code != exitOK || c.built.Port != 4001 || c.built.GuestAccess != auth.GuestsWrite || c.built.InstanceID == "" {
			t.Errorf("%v: exit %d, %+v, %s", args, code, c.built, c.err.String())
		}
		for _, message := range []string{"memory limit", `"message":"starting"`, `"message":"stopped"`} {
			if !strings.Contains(c.err.String(), message) {
				t.Errorf("%s is not in the log: %s", message, c.err.String())
			}
		}
	}
}

// Which Redis a node is to talk to stands in its log, without the password; and that it talks to none though one was named.
func TestServeSaysWhichRedis(t *testing.T) {
	const url = "redis://chat:hunter2@redis.example:6379"
	for _, row := range []struct {
		pairs     map[string]string
		says, not string
	}{
		{map[string]string{"ENABLE_DISTRIBUTED_CHAT": "true", "REDIS_URL": url}, `redis.example:6379","time"`, "redis url ignored"},
		{map[string]string{"REDIS_URL": url}, "redis url ignored", "hunter2"},
		{nil, `"message":"starting"`, "redis"},
	} {
		c := newConsole(row.pairs, served)
		if code := c.do("--log-format=json"); code != exitOK || !strings.Contains(c.err.String(), row.says) || strings.Contains(c.err.String(), row.not) || strings.Contains(c.err.String(), "hunter2") {
			t.Errorf("%v: exit %d, %s", row.pairs, code, c.err.String())
		}
	}
}

func TestExitCodes(t *testing.T) {
	broken := func(context.Context) error { return errors.New("disk on fire") }
	for _, row := range []struct {
		args string
		run  runs
		want int
		says string
	}{
		{"", broken, exitFailed, "disk on fire"},
		{"--port=x --recent=0", served, exitUsage, "PORT=\"x\""},
		{"--port=x --recent=0", served, exitUsage, "RECENT=\"0\""},
		{"--prot=1", served, exitUsage, "unknown flag --prot"},
		{"sevre", served, exitUsage, "sevre"},
		{"token", served, exitUsage, "--sub"},
		{"token --sub=u", served, exitUsage, "AUTH_JWT_SECRET must be set"},
		{"token --sub=u --auth-jwt-secret=hunter2", served, exitUsage, "AUTH_JWT_SECRET=[secret] must be at least 32"},
		{"token --sub=u --ttl=-1h", served, exitUsage, "--ttl"},
		{"health --port=0", served, exitUsage, "PORT"},
	} {
		c := newConsole(nil, row.run)
		if code := c.do(strings.Fields(row.args)...); code != row.want || !strings.Contains(c.err.String(), row.says) {
			t.Errorf("chatnode %s: exit %d, %s", row.args, code, c.err.String())
		}
		if strings.Contains(c.err.String(), "hunter2") {
			t.Errorf("chatnode %s: shows the secret", row.args)
		}
	}
}

func TestHelpDocumentsEverySetting(t *testing.T) {
	for _, args := range [][]string{{"--help"}, {"serve", "--help"}} {
		c := newConsole(map[string]string{"PORT": "not a port"}, served)
		if code := c.do(args...); code != exitOK || c.err.Len() > 0 {
			t.Errorf("exit %d: %s", code, c.err.String())
		}
		for _, name := range node.Variables() {
			flag := "--" + strings.ToLower(strings.ReplaceAll(name, "_", "-"))
			if help := c.out.String(); !strings.Contains(help, "[$"+name+"]") || !strings.Contains(help, flag) {
				t.Errorf("%v: %s is not documented", args, name)
			}
		}
	}
	c := newConsole(nil, served)
	c.do("--help")
	for _, command := range []string{"serve", "token", "health", "version"} {
		if !strings.Contains(c.out.String(), "  "+command) {
			t.Errorf("%s is not in the help", command)
		}
	}
}

func TestTokenPrintsATokenThatIsBelieved(t *testing.T) {
	secret := strings.Repeat("k", 32)
	c := newConsole(map[string]string{"AUTH_JWT_SECRET": secret}, served)
	if code := c.do("token", "--sub=ann", "--name=Ann B", "--role=admin", "--ttl=10m", "--avatar=https://a.example/i.png"); code != exitOK {
		t.Fatal(c.err.String())
	}
	v, err := auth.NewVerifier(auth.VerifierConfig{Secret: secret})
	if err != nil {
		t.Fatal(err)
	}
	id, err := v.Verify(strings.TrimSpace(c.out.String()))
	if err != nil || id.UserID != "ann" || id.UserName != "Ann B" || id.Role.String() != "admin" || id.Avatar == "" {
		t.Errorf("%+v, %v", id, err)
	}
	if left := time.Until(time.UnixMilli(id.Expires)); left < 9*time.Minute || left > 11*time.Minute {
		t.Errorf("valid for %s", left)
	}
}

func TestVersion(t *testing.T) {
	c := newConsole(nil, served)
	if code := c.do("version"); code != exitOK || !strings.HasPrefix(c.out.String(), "chatnode ") {
		t.Errorf("exit %d: %s", code, c.out.String())
	}
}
