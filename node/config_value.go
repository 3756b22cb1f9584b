package node

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"net/url"
	"os"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Rate is a limit of Messages in each Window. The zero value means unlimited.
type Rate struct {
	Messages int
	Window   time.Duration
}

// UnmarshalText parses a rate such as "10/1s", or "off".
func (r *Rate) UnmarshalText(text []byte) error {
	if string(text) == "off" {
		*r = Rate{}
		return nil
	}
	count, window, _ := strings.Cut(string(text), "/")
	n, err := strconv.Atoi(count)
	d, derr := time.ParseDuration(window)
	if err != nil || derr != nil || n < 1 || d < time.Millisecond || d > time.Hour {
		return errors.New("must be a number of messages and a duration from 1ms to 1h, such as 10/1s, or off")
	}
	*r = Rate{n, d}
	return nil
}

// String returns the rate as it is written in the configuration.
func (r Rate) String() string {
	if r == (Rate{}) {
		return "off"
	}
	return fmt.Sprintf("%d/%s", r.Messages, r.Window)
}

// Bytes is a size, written as a number of bytes or with one of the units KiB, MiB, GiB, TiB.
type Bytes int64

// parseBytes parses a size such as "262144" or "256KiB".
func parseBytes(s string) (Bytes, error) {
	shift := 0
	for i, unit := range byteUnits() {
		if cut, ok := strings.CutSuffix(s, unit); ok {
			s, shift = cut, 10*(i+1)
		}
	}
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n < 0 || n > (1<<62)>>shift {
		return 0, errors.New("not a size in bytes")
	}
	return Bytes(n << shift), nil
}

func byteUnits() []string { return []string{"KiB", "MiB", "GiB", "TiB"} }

// String returns the size in the largest unit that results in a whole number.
func (b Bytes) String() string {
	n, unit := int64(b), ""
	for _, next := range byteUnits() {
		if n == 0 || n%1024 != 0 {
			break
		}
		n, unit = n/1024, next
	}
	return strconv.FormatInt(n, 10) + unit
}

// InstanceID is the name of a node.
type InstanceID string

var instanceID = regexp.MustCompile(`^[A-Za-z0-9._-]{1,64}$`)

// UnmarshalText accepts 1 to 64 letters, digits, dots, underscores and hyphens.
func (id *InstanceID) UnmarshalText(text []byte) error {
	if !instanceID.Match(text) {
		return errors.New("must be 1 to 64 letters, digits, dots, underscores or hyphens")
	}
	*id = InstanceID(text)
	return nil
}

// newInstanceID returns the host name and a random suffix, because a host may run several nodes.
func newInstanceID() InstanceID {
	host, err := os.Hostname()
	if err != nil || host == "" {
		host = "node"
	}
	host = regexp.MustCompile(`[^A-Za-z0-9._-]`).ReplaceAllString(host, "-")
	random := make([]byte, 4)
	_, _ = rand.Read(random) // crypto/rand never fails
	return InstanceID(host[:min(len(host), 55)] + "-" + hex.EncodeToString(random))
}

// KeySetURL is the URL of a JSON Web Key Set; empty: none.
type KeySetURL string

// UnmarshalText accepts an http or https URL. User and password are errors, because the URL is logged.
func (u *KeySetURL) UnmarshalText(text []byte) error {
	parsed, err := url.Parse(string(text))
	if err != nil || (parsed.Scheme != "https" && parsed.Scheme != "http") || parsed.Hostname() == "" || parsed.User != nil {
		return errors.New("must be an http or https URL without user and password")
	}
	*u = KeySetURL(text)
	return nil
}
