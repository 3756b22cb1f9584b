package redisbus

import (
	"context"
	"errors"
	"net"
	"os"
	"strings"

	"github.com/redis/go-redis/v9"
)

// The names of what may be wrong with Redis, as Cause returns them.
const (
	Unreachable = "unreachable"
	Timeout     = "timeout"
	ReadOnly    = "readonly"
	Loading     = "loading"
	OutOfMemory = "oom"
	Auth        = "auth"
	NoPerm      = "noperm"
	MasterDown  = "masterdown"
	ClusterDown = "clusterdown"
	Moved       = "moved"
	Misconf     = "misconf"
	MaxClients  = "maxclients"
	WrongType   = "wrongtype"
	Unknown     = "unknown"
)

var causeText = map[string]string{
	Unreachable: "Redis cannot be reached: check that it runs, its address, and the network.",
	Timeout:     "Redis does not answer in time: it hangs, is overloaded, or the network drops packets.",
	ReadOnly:    "Redis is a read-only replica: the address must lead to the master, or a failover is under way.",
	Loading:     "Redis is loading its data set and does not serve yet.",
	OutOfMemory: "Redis is out of memory and refuses writes: raise maxmemory or set maxmemory-policy allkeys-lru.",
	Auth:        "Redis refuses the user or password: check the credentials in REDIS_URL.",
	NoPerm:      "The Redis user lacks a permission: it needs resetkeys ~chat:* resetchannels &chat:* +@all -@dangerous.",
	MasterDown:  "Redis lost its master and refuses to serve stale data: a failover is under way or needed.",
	ClusterDown: "The Redis Cluster is down: some slots are served by nobody.",
	Moved:       "The Redis Cluster moved slots to other nodes; the connection must be made anew.",
	Misconf:     "Redis stopped taking writes because it cannot save its data set: check its disk and log.",
	MaxClients:  "Redis has no connection left: raise maxclients; each node needs three.",
	WrongType:   "A key below chat: holds something that is not chatnode's: look for the key whose TYPE is wrong, and delete or rename it.",
	Unknown:     "Redis answered with an error that chatnode does not know.",
}

// prefixes of replies by which Redis names its state. A reply that a script met carries its code
// in front too.
var prefixes = []struct{ prefix, cause string }{
	{"READONLY", ReadOnly},
	{"LOADING", Loading},
	{"OOM", OutOfMemory},
	{"NOAUTH", Auth},
	{"WRONGPASS", Auth},
	{"ERR AUTH", Auth},
	{"ERR invalid password", Auth},
	{"NOPERM", NoPerm},
	{"ERR ACL failure", NoPerm},
	{"ERR The user executing the script", NoPerm},
	{"MASTERDOWN", MasterDown},
	{"NOREPLICAS", MasterDown},
	{"CLUSTERDOWN", ClusterDown},
	{"TRYAGAIN", Moved},
	{"MOVED", Moved},
	{"ASK", Moved},
	{"CROSSSLOT", Moved},
	{"MISCONF", Misconf},
	{"WRONGTYPE", WrongType},
	{"ERR max number of clients", MaxClients},
	{"max number of clients", MaxClients},
}

// A OpError is an error of a port: what was being done, why it failed, and the cause by name.
type OpError struct {
	Op    string
	Cause string // one of the cause names
	Err   error
}

// Error implements error.
func (f *OpError) Error() string { return "redis: " + f.Op + ": " + f.Cause + ": " + f.Err.Error() }

// Unwrap gives the error of the client library or the network.
func (f *OpError) Unwrap() error { return f.Err }

// Cause names why a call failed, with the operator's sentence for it. Both are empty for nil.
func Cause(err error) (name, sentence string) {
	if err == nil {
		return "", ""
	}
	name = classify(err)
	return name, causeText[name]
}

func classify(err error) string {
	var fault *OpError
	if errors.As(err, &fault) {
		return fault.Cause
	}
	if name := classifyReply(err); name != "" {
		return name
	}
	var netErr net.Error
	switch {
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, os.ErrDeadlineExceeded), errors.Is(err, redis.ErrPoolTimeout),
		errors.As(err, &netErr) && netErr.Timeout():
		return Timeout
	case isReply(err):
		return Unknown
	default:
		return Unreachable
	}
}

// classifyReply looks for a known prefix in what Redis replied, wrapped or not; empty: none.
func classifyReply(err error) string {
	var reply redis.Error
	if !errors.As(err, &reply) {
		return ""
	}
	for _, p := range prefixes {
		if strings.HasPrefix(reply.Error(), p.prefix) {
			return p.cause
		}
	}
	return ""
}

// isReply reports whether Redis itself answered with an error, so that the connection is good.
func isReply(err error) bool {
	var reply redis.Error
	return errors.As(err, &reply)
}

// wrapOp wraps err, which may be nil, with what was being done.
func wrapOp(doing string, err error) error {
	if err == nil {
		return nil
	}
	return &OpError{Op: doing, Cause: classify(err), Err: err}
}
