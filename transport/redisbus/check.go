package redisbus

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/redis/go-redis/v9"
)

// minMajorVersion is the first major version of Redis that has all we need: script flags and sharded pub/sub.
const minMajorVersion = 7

// ErrUnsupported says that this Redis can never serve chatnode as it is set up. Waiting does not help.
var ErrUnsupported = errors.New("this Redis cannot serve chatnode")

// Check finds out whether Redis can do what the engine needs: its version, and every command and
// channel with the rights of the user. The error is one line that says what is missing; it is an
// ErrUnfit where an operator must act, else a Fault.
func (s *Store) Check(ctx context.Context) error {
	const doing = "check Redis"
	var version string
	err := s.link.do(doing, func(c redis.UniversalClient) error {
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
	if major, _, _ := strings.Cut(version, "."); !newEnough(major) {
		return fmt.Errorf("%w: its version is %s, %d.0 or newer is needed", ErrUnsupported, version, minMajorVersion)
	}
	return s.checkRights(ctx, doing)
}

func newEnough(major string) bool {
	n, err := strconv.Atoi(major)
	return err == nil && n >= minMajorVersion
}

// helloVersion finds the server's version in the reply of HELLO, a flat list of names and values.
func helloVersion(hello []any) string {
	for i := 0; i+1 < len(hello); i += 2 {
		if hello[i] == "version" {
			return fmt.Sprint(hello[i+1])
		}
	}
	return "unknown"
}

// checkRights runs every command once.
func (s *Store) checkRights(ctx context.Context, doing string) error {
	c := &call{script: s.scripts.check, keys: []string{s.keys.check(s.opts.InstanceID)}, args: []any{s.keys.publish()}}
	if err := s.link.run(ctx, doing, c); err != nil {
		if name, sentence := Cause(err); name == NoPerm {
			return fmt.Errorf("%w: the user may not run scripts on chat:* keys. %s (%w)", ErrUnsupported, sentence, err)
		}
		return err
	}
	list, ok := c.reply.([]any)
	if !ok {
		return wrapOp(doing, errReply)
	}
	if len(list) == 0 {
		return nil
	}
	complaints := make([]string, len(list))
	for i, v := range list {
		complaints[i] = fmt.Sprint(v)
	}
	return fmt.Errorf("%w: commands are denied: %s. %s", ErrUnsupported, strings.Join(complaints, "; "), causeText[NoPerm])
}
