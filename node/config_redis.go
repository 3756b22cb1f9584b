package node

import (
	"errors"
	"fmt"
	"io"

	"chatnode/transport/redisbus"
)

// A RedisURL is a checked address of a Redis. Whatever prints it shows no password.
type RedisURL struct {
	text  *string // behind a pointer for the reason that Secret's is
	shown string
}

// UnmarshalText reads an address. The error holds nothing of it, nor of redisbus's own error: a
// password without its @ reads like a host, and would be quoted as one.
func (u *RedisURL) UnmarshalText(text []byte) error {
	raw := string(text)
	address, err := redisbus.ParseURL(raw)
	if err != nil {
		return errors.New("must be redis://host:port, redis+sentinel://host:port,host:port/0?master_name=NAME or redis+cluster://host:port,host:port" +
			" (rediss for TLS, with files that can be read), with user:password@ before the first host where needed, special characters percent-encoded")
	}
	u.text, u.shown = &raw, address.String()
	return nil
}

// Reveal is the address as it was given, password and all.
func (u RedisURL) Reveal() string {
	if u.text == nil {
		return ""
	}
	return *u.text
}

// String is the address without its secrets.
func (u RedisURL) String() string { return u.shown }

// Format shows the address without its secrets, whatever the verb.
func (u RedisURL) Format(w fmt.State, _ rune) { _, _ = io.WriteString(w, u.shown) }

// MarshalText is the address without its secrets.
func (u RedisURL) MarshalText() ([]byte, error) { return []byte(u.shown), nil }
