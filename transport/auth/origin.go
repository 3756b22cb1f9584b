package auth

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
)

// Origins are the origins whose pages may connect and use cookies: the origin of the request itself, and the listed
// ones. The zero value allows the same origin only.
type Origins struct {
	allowAll bool
	allowed  []origin
}

// origin is a parsed origin. host includes the port and is in lower case.
type origin struct{ scheme, host string }

// ParseOrigins parses origins such as "https://chat.example.com:8443", or "*" for all.
func ParseOrigins(list []string) (Origins, error) {
	var o Origins
	var errs []error
	for _, s := range list {
		if s == "*" {
			o.allowAll = true
			continue
		}
		entry, err := parseOrigin(s)
		if err != nil {
			errs = append(errs, fmt.Errorf("%q: %w", s, err))
			continue
		}
		o.allowed = append(o.allowed, entry)
	}
	return o, errors.Join(errs...)
}

// Allow reports whether the page that sent the request may connect. A request without Origin is not from a page,
// because browsers always send it when they open a WebSocket.
func (o Origins) Allow(r *http.Request) bool {
	headers := r.Header.Values("Origin")
	if o.allowAll || len(headers) == 0 {
		return true
	}
	from, err := parseOrigin(headers[0])
	if err != nil || len(headers) > 1 {
		return false
	}
	if from.host == withPort(r.Host, from.scheme) {
		return true
	}
	for _, entry := range o.allowed {
		if entry == from {
			return true
		}
	}
	return false
}

func parseOrigin(s string) (origin, error) {
	u, err := url.Parse(s)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Hostname() == "" || u.User != nil ||
		(u.Path != "" && u.Path != "/") || u.RawQuery != "" || u.Fragment != "" {
		return origin{}, errors.New("must be * or an origin such as https://chat.example.com")
	}
	return origin{u.Scheme, withPort(u.Host, u.Scheme)}, nil
}

// withPort returns the host in lower case with an explicit port.
func withPort(host, scheme string) string {
	host = strings.ToLower(host)
	if name, port, err := net.SplitHostPort(host); err == nil && port != "" {
		return net.JoinHostPort(name, port)
	}
	port := "80"
	if scheme == "https" {
		port = "443"
	}
	return net.JoinHostPort(strings.Trim(strings.TrimSuffix(host, ":"), "[]"), port)
}

// UnmarshalText parses a comma-separated list of origins.
func (o *Origins) UnmarshalText(text []byte) error {
	list, err := ParseOrigins(strings.FieldsFunc(string(text), func(r rune) bool { return r == ',' || r == ' ' }))
	if err != nil {
		return errors.New("must be * or a comma-separated list of origins such as https://chat.example.com")
	}
	*o = list
	return nil
}
