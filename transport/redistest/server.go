package redistest

import (
	"context"
	"crypto/tls"
	"fmt"
	"net/url"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/maintnotifications"
)

// Config is the configuration of a server. The zero value is an empty server without persistence.
type Config struct {
	Lines        []string // lines of redis.conf, after the defaults
	Password     string   // requirepass
	Certificates *Certificates
}

// Server is one redis-server.
type Server struct {
	Addr   string // host:port
	Port   int
	config Config
	file   string
	proc   *process
	client *redis.Client
}

// Start runs a server until the test ends.
func Start(t testing.TB, c Config) *Server {
	t.Helper()
	s := &Server{Port: freePort(t), config: c}
	s.Addr = address(s.Port)
	s.file = writeFile(t, t.TempDir(), "redis.conf", strings.Join(s.lines(), "\n")+"\n")
	s.client = redis.NewClient(s.options())
	t.Cleanup(func() { _ = s.client.Close() })
	s.Restart(t)
	return s
}

func (s *Server) lines() []string {
	port := fmt.Sprintf("port %d", s.Port)
	if c := s.config.Certificates; c != nil {
		port = fmt.Sprintf("port 0\ntls-port %d\ntls-cert-file %s\ntls-key-file %s\ntls-ca-cert-file %s\ntls-auth-clients no",
			s.Port, c.CertFile, c.KeyFile, c.CAFile)
	}
	lines := []string{"bind 127.0.0.1", port, "save \"\"", "appendonly no", "enable-debug-command yes"}
	if s.config.Password != "" {
		lines = append(lines, fmt.Sprintf("requirepass %q", s.config.Password))
	}
	return append(lines, s.config.Lines...)
}

func (s *Server) options() *redis.Options {
	o := &redis.Options{
		Addr: s.Addr, Password: s.config.Password, PoolSize: 2, Protocol: 2, DialerRetries: 1,
		ClientName: "redistest", DisableIdentity: true,
		MaintNotificationsConfig: &maintnotifications.Config{Mode: maintnotifications.ModeDisabled},
	}
	if c := s.config.Certificates; c != nil {
		o.TLSConfig = &tls.Config{RootCAs: c.Pool, MinVersion: tls.VersionTLS12}
	}
	return o
}

// Launch starts a killed server again, on the same port. It does not wait until the server has loaded its data; Await
// does.
func (s *Server) Launch(t testing.TB) {
	t.Helper()
	s.proc = launch(t, "redis-server", s.file)
}

// Await waits until a launched server answers. It fails the test if the server exits.
func (s *Server) Await(t testing.TB) {
	t.Helper()
	wait(t, "redis-server at "+s.Addr, func() bool {
		select {
		case <-s.proc.Exited():
			t.Fatalf("redis-server at %s exited:\n%s", s.Addr, s.proc.out)
		default:
		}
		return s.client.Ping(context.Background()).Err() == nil
	})
}

// URL returns the REDIS_URL of the server, with its password.
func (s *Server) URL() string {
	u := url.URL{Scheme: "redis", Host: s.Addr}
	if s.config.Password != "" {
		u.User = url.UserPassword("", s.config.Password)
	}
	if c := s.config.Certificates; c != nil {
		u.Scheme = "rediss"
		u.RawQuery = url.Values{"tls_ca": {c.CAFile}}.Encode()
	}
	return u.String()
}

// Client returns a client for the test. Its connections are named redistest.
func (s *Server) Client() *redis.Client { return s.client }

// Do runs one command as the default user and returns the reply. It fails the test on errors.
func (s *Server) Do(t testing.TB, args ...any) any {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), waitTimeout)
	defer cancel()
	v, err := s.client.Do(ctx, args...).Result()
	if err != nil {
		t.Fatalf("redis %v: %v", args, err)
	}
	return v
}

// Kill kills the server. Data in memory is lost.
func (s *Server) Kill() { s.proc.Kill() }

// Restart starts a killed server again, on the same port and with its persisted data. It returns when the server
// answers.
func (s *Server) Restart(t testing.TB) {
	t.Helper()
	s.Launch(t)
	s.Await(t)
}

// Pause stops the process until Resume. Its connections stay open.
func (s *Server) Pause(t testing.TB) { s.signal(t, syscall.SIGSTOP) }

// Resume continues the process after Pause.
func (s *Server) Resume(t testing.TB) { s.signal(t, syscall.SIGCONT) }

func (s *Server) signal(t testing.TB, sig syscall.Signal) {
	t.Helper()
	if err := s.proc.Signal(sig); err != nil {
		t.Fatal(err)
	}
}

// CPU returns the CPU time that the server has used.
func (s *Server) CPU(t testing.TB) time.Duration {
	t.Helper()
	var total time.Duration
	for line := range strings.Lines(fmt.Sprint(s.Do(t, "INFO", "cpu"))) {
		var sec float64
		for _, field := range []string{"used_cpu_sys:", "used_cpu_user:"} {
			if rest, ok := strings.CutPrefix(line, field); ok {
				if _, err := fmt.Sscan(rest, &sec); err != nil {
					t.Fatalf("parse %q: %v", line, err)
				}
				total += time.Duration(sec * float64(time.Second))
			}
		}
	}
	return total
}
