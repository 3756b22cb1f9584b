package node

import (
	"errors"
	"fmt"
	"io"

	"chatnode/transport/redisbus"
)

// A RedisURL is a valid address of Redis. It is never printed with its password.
type RedisURL struct {
	text  *string // a pointer, for the same reason as in Secret
	shown string
}

// UnmarshalText parses an address. The error contains neither the address nor the error of redisbus, because that
// could quote a password as a host: a password without @ looks like a host.
func (u *RedisURL) UnmarshalText(text []byte) error {
	raw := string(text)
	address, err := redisbus.ParseURL(raw)
	if err != nil {
		return errors.New("must be redis://host:port, redis+sentinel://host:port,host:port/0?master_name=NAME or redis+cluster://host:port,host:port;" +
			" rediss instead of redis enables TLS, and its files must be readable; user:password@ before the first host must be percent-encoded")
	}
	u.text, u.shown = &raw, address.String()
	return nil
}

// Reveal returns the address with its password.
func (u RedisURL) Reveal() string {
	if u.text == nil {
		return ""
	}
	return *u.text
}

// String returns the address without its secrets.
func (u RedisURL) String() string { return u.shown }

// Format prints the address without its secrets, for every verb.
func (u RedisURL) Format(w fmt.State, _ rune) { _, _ = io.WriteString(w, u.shown) }

// MarshalText returns the address without its secrets.
func (u RedisURL) MarshalText() ([]byte, error) { return []byte(u.shown), nil }
