package auth

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
)

// Origins says which pages may open connections and use cookies: those of the host that serves
// the request, and those listed. The zero value allows the same origin only.
type Origins struct {
	any  bool
	list []origin
}

type origin struct{ scheme, host string } // host with its port, in lower case

// ParseOrigins reads origins such as "https://chat.example.com:8443", or "*" for all.
func ParseOrigins(list []string) (Origins, error) {
	var o Origins
	var errs []error
	for _, s := range list {
		if s == "*" {
			o.any = true
			continue
		}
		entry, err := parseOrigin(s)
		if err != nil {
			errs = append(errs, fmt.Errorf("%q: %w", s, err))
			continue
		}
		o.list = append(o.list, entry)
	}
	return o, errors.Join(errs...)
}

// Allow says whether the page that sent the request may do so. A request without an Origin comes
// from no page: browsers always send one when they open a WebSocket.
func (o Origins) Allow(r *http.Request) bool {
	headers := r.Header.Values("Origin")
	if o.any || len(headers) == 0 {
		return true
	}
	from, err := parseOrigin(headers[0])
	if err != nil || len(headers) > 1 {
		return false
	}
	if from.host == withPort(r.Host, from.scheme) {
		return true
	}
	for _, entry := range o.list {
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

// withPort is a host with its port written out, in lower case.
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

// UnmarshalText reads a comma-separated list of origins.
func (o *Origins) UnmarshalText(text []byte) error {
	list, err := ParseOrigins(strings.FieldsFunc(string(text), func(r rune) bool { return r == ',' || r == ' ' }))
	if err != nil {
		return errors.New("must be origins such as https://chat.example.com, separated by commas, or *")
	}
	*o = list
	return nil
}
