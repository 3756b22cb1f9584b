package redisbus

import (
	"context"
	"errors"
	"net"
	"os"
	"strings"

	"github.com/redis/go-redis/v9"
)

// Names of causes that Cause returns.
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

// causeText is the sentence for operators of each cause.
var causeText = map[string]string{
	Unreachable: "Redis cannot be reached: check that it runs, its address, and the network.",
	Timeout:     "Redis does not answer in time: it hangs, is overloaded, or the network drops packets.",
	ReadOnly:    "Redis is a read-only replica: the address must lead to the master, or a failover is under way.",
	Loading:     "Redis is loading its data set and does not serve yet.",
	OutOfMemory: "Redis is out of memory and refuses writes: raise maxmemory or set maxmemory-policy allkeys-lru.",
	Auth:        "Redis refuses the user or password: check the credentials in REDIS_URL.",
	NoPerm:      "The Redis user lacks a permission: it needs resetkeys ~chat:* resetchannels &chat:* +@all -@dangerous.",
	MasterDown:  "Redis lost its master and refuses to serve stale data: a failover is under way or needed.",
	ClusterDown: "The Redis Cluster is down: some slots are not assigned.",
	Moved:       "The Redis Cluster moved slots to other nodes. The node reconnects.",
	Misconf:     "Redis rejects writes because it cannot save its data set: check its disk and log.",
	MaxClients:  "Redis has reached maxclients. Raise it; each node needs three connections.",
	WrongType:   "A chat: key has a type that chatnode does not use. Find it with TYPE, and delete or rename it.",
	Unknown:     "Redis returned an error that is unknown to chatnode.",
}

// prefixes are the beginnings of error replies, with their causes. Errors inside a script have the same prefixes.
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

// OpError is an error of a port: the failed operation, the name of its cause, and the error itself.
type OpError struct {
	Op    string
	Cause string // one of the cause names above
	Err   error
}

// Error implements error.
func (e *OpError) Error() string { return "redis: " + e.Op + ": " + e.Cause + ": " + e.Err.Error() }

// Unwrap returns the error of the client library or the network.
func (e *OpError) Unwrap() error { return e.Err }

// Cause returns the name of the cause of err and a sentence for operators. Both are empty if err is nil.
func Cause(err error) (name, sentence string) {
	if err == nil {
		return "", ""
	}
	name = classify(err)
	return name, causeText[name]
}

func classify(err error) string {
	var opErr *OpError
	if errors.As(err, &opErr) {
		return opErr.Cause
	}
	if name := classifyReply(err); name != "" {
		return name
	}
	var netErr net.Error
	switch {
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, os.ErrDeadlineExceeded),
		errors.Is(err, redis.ErrPoolTimeout), errors.As(err, &netErr) && netErr.Timeout():
		return Timeout
	case isReply(err):
		return Unknown
	default:
		return Unreachable
	}
}

// classifyReply returns the cause of an error reply of Redis, wrapped or not; empty if the prefix is unknown.
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

// isReply reports whether err is an error reply of Redis, which means that the connection works.
func isReply(err error) bool {
	var reply redis.Error
	return errors.As(err, &reply)
}

// wrapOp wraps err in an OpError. It returns nil if err is nil.
func wrapOp(op string, err error) error {
	if err == nil {
		return nil
	}
	return &OpError{Op: op, Cause: classify(err), Err: err}
}
