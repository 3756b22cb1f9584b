package redisbus

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/redis/go-redis/v9"
)

// minMajorVersion is the first major version of Redis with script flags and sharded pub/sub.
const minMajorVersion = 7

// ErrUnsupported means that an operator must change the configuration of Redis before chatnode can use it.
var ErrUnsupported = errors.New("unsupported Redis configuration")

// Check verifies the version of Redis, and that the user may run every command and publish to a channel. The error is
// one line that names what is missing. It wraps ErrUnsupported if an operator must act. Otherwise it is an OpError.
func (s *Store) Check(ctx context.Context) error {
	const op = "check redis"
	var version string
	err := s.conn.do(op, func(c redis.UniversalClient) error {
		hello, err := c.Do(ctx, "HELLO", strconv.Itoa(resp2)).Slice()
		if redis.HasErrorPrefix(err, "unknown command") {
			version = "5 or older"
			return nil
		}
		version = helloVersion(hello)
		return err
	})
	if err != nil {
		return err
	}
	if major, _, _ := strings.Cut(version, "."); !isSupported(major) {
		return fmt.Errorf("%w: version %s, need %d.0 or newer", ErrUnsupported, version, minMajorVersion)
	}
	return s.checkRights(ctx, op)
}

func isSupported(major string) bool {
	n, err := strconv.Atoi(major)
	return err == nil && n >= minMajorVersion
}

// helloVersion returns the server version from the reply of HELLO, a flat list of names and values.
func helloVersion(hello []any) string {
	for i := 0; i+1 < len(hello); i += 2 {
		if hello[i] == "version" {
			return fmt.Sprint(hello[i+1])
		}
	}
	return "unknown"
}

// checkRights runs every command once, as the user of the node.
func (s *Store) checkRights(ctx context.Context, op string) error {
	c := &call{script: s.scripts.check, keys: []string{s.keys.check(s.opts.InstanceID)}, args: []any{s.keys.publish()}}
	if err := s.conn.run(ctx, op, c); err != nil {
		if name, sentence := Cause(err); name == NoPerm {
			return fmt.Errorf("%w: the user may not run scripts on chat:* keys. %s (%w)", ErrUnsupported, sentence, err)
		}
		return err
	}
	list, ok := c.reply.([]any)
	if !ok {
		return wrapOp(op, errUnexpectedReply)
	}
	if len(list) == 0 {
		return nil
	}
	denied := make([]string, len(list))
	for i, v := range list {
		denied[i] = fmt.Sprint(v)
	}
	return fmt.Errorf("%w: denied commands: %s. %s", ErrUnsupported, strings.Join(denied, "; "), causeText[NoPerm])
}
