package redisbus

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// shape is the deployment type of Redis.
type shape uint8

const (
	standalone shape = iota
	sentinel
	cluster
)

// Address is a parsed REDIS_URL. Its printed form contains no secrets.
type Address struct {
	shape      shape
	hosts      []string // host:port of the server, of the sentinels, or of nodes of the cluster
	user, pass string
	db         int
	master     string // name of the master in the configuration of the sentinels
	sentUser   string
	sentPass   string
	tls        *tls.Config // nil: plain TCP
}

var schemes = map[string]struct {
	shape shape
	tls   bool
	port  string
}{
	"redis": {standalone, false, "6379"}, "rediss": {standalone, true, "6379"},
	"redis+sentinel": {sentinel, false, "26379"}, "rediss+sentinel": {sentinel, true, "26379"},
	"redis+cluster": {cluster, false, "6379"}, "rediss+cluster": {cluster, true, "6379"},
}

var hostRule = regexp.MustCompile(`^[A-Za-z0-9._:-]+$`)

// parameters are the known parameters of the URL.
var parameters = []string{
	"master_name", "sentinel_username", "sentinel_password", "tls_ca", "tls_cert", "tls_key", "skip_verify",
}

// ParseURL parses a REDIS_URL:
//
//	redis://user:password@host:port/db                     one server; rediss:// with TLS
//	redis+sentinel://user:password@s1:26379,s2:26379/db?master_name=M
//	redis+cluster://user:password@n1:6379,n2:6379
//
// rediss+sentinel and rediss+cluster are the same with TLS. Parameters: sentinel_username and sentinel_password;
// tls_ca, tls_cert and tls_key (PEM files); skip_verify=true. Errors describe the problem and never quote the URL,
// because it contains a password.
func ParseURL(raw string) (Address, error) {
	var a Address
	scheme, rest, found := strings.Cut(raw, "://")
	kind, known := schemes[scheme]
	if !found || !known {
		return a, errors.New("redis url: the scheme must be redis, rediss, redis+sentinel, redis+cluster, " +
			"rediss+sentinel or rediss+cluster")
	}
	// net/url rejects several hosts with ports. Therefore the hosts are replaced before parsing.
	authority, tail := rest, ""
	if i := strings.IndexAny(rest, "/?#"); i >= 0 {
		authority, tail = rest[:i], rest[i:]
	}
	userinfo := ""
	if i := strings.LastIndexByte(authority, '@'); i >= 0 {
		userinfo, authority = authority[:i+1], authority[i+1:]
	}
	u, err := url.Parse("redis://" + userinfo + "host" + tail)
	if err != nil {
		return a, errors.New("redis url: malformed user, password, path or parameters; " +
			"percent-encode special characters")
	}
	a.shape, a.user = kind.shape, u.User.Username()
	a.pass, _ = u.User.Password()
	query := u.Query()
	return a, errors.Join(
		a.parseHosts(authority, kind.port), a.parsePath(u.Path), a.parseQuery(query), a.parseTLS(kind.tls, query),
	)
}

func (a *Address) parseHosts(authority, port string) error {
	for host := range strings.SplitSeq(authority, ",") { // never quoted, because it may be part of a password
		name, p, err := net.SplitHostPort(host)
		if err != nil {
			name, p = strings.Trim(host, "[]"), port
		}
		if n, err := strconv.Atoi(p); !hostRule.MatchString(name) || err != nil || n < 1 || n > 65535 {
			return fmt.Errorf("redis url: host number %d is not host:port", len(a.hosts)+1)
		}
		a.hosts = append(a.hosts, net.JoinHostPort(name, p))
	}
	if a.shape == standalone && len(a.hosts) > 1 {
		return errors.New("redis url: several hosts require redis+sentinel or redis+cluster")
	}
	return nil
}

func (a *Address) parsePath(path string) error {
	path = strings.Trim(path, "/")
	if path == "" {
		return nil
	}
	n, err := strconv.Atoi(path)
	if err != nil || n < 0 {
		return errors.New("redis url: the path must be a database number")
	}
	if n > 0 && a.shape == cluster {
		return errors.New("redis url: a cluster supports only database 0")
	}
	a.db = n
	return nil
}

func (a *Address) parseQuery(q url.Values) error {
	for name := range q {
		if !slices.Contains(parameters, name) {
			return fmt.Errorf("redis url: unknown parameter %q; known parameters: %s", name, strings.Join(parameters, ", "))
		}
	}
	a.master, a.sentUser, a.sentPass = q.Get("master_name"), q.Get("sentinel_username"), q.Get("sentinel_password")
	if (a.shape == sentinel) != (a.master != "") {
		return errors.New("redis url: master_name is required with redis+sentinel and invalid without it")
	}
	return nil
}

func (a *Address) parseTLS(on bool, q url.Values) error {
	ca, cert, key, skip := q.Get("tls_ca"), q.Get("tls_cert"), q.Get("tls_key"), q.Get("skip_verify")
	if !on {
		if ca+cert+key+skip != "" {
			return errors.New("redis url: TLS parameters require a rediss scheme")
		}
		return nil
	}
	a.tls = &tls.Config{
		MinVersion: tls.VersionTLS12, InsecureSkipVerify: skip == "true", // #nosec G402 -- operator's choice
	}
	if ca != "" {
		pem, err := os.ReadFile(ca)
		if err != nil {
			return fmt.Errorf("redis url: read tls_ca: %w", err)
		}
		a.tls.RootCAs = x509.NewCertPool()
		if !a.tls.RootCAs.AppendCertsFromPEM(pem) {
			return fmt.Errorf("redis url: tls_ca %s contains no certificate", ca)
		}
	}
	if cert+key != "" {
		pair, err := tls.LoadX509KeyPair(cert, key)
		if err != nil {
			return fmt.Errorf("redis url: load tls_cert and tls_key: %w", err)
		}
		a.tls.Certificates = []tls.Certificate{pair}
	}
	return nil
}

// String returns the address without secrets, for logs.
func (a Address) String() string {
	name := [...]string{"redis", "redis+sentinel", "redis+cluster"}[a.shape]
	if a.tls != nil {
		name = strings.Replace(name, "redis", "rediss", 1)
	}
	s := name + "://" + strings.Join(a.hosts, ",")
	if a.shape == sentinel {
		s += "?master_name=" + a.master
	}
	return s
}

// GoString implements fmt.GoStringer, so that %#v prints no secrets.
func (a Address) GoString() string { return a.String() }
