package redisbus

import (
	"context"
	"fmt"

	"github.com/redis/go-redis/v9"
	"github.com/rs/zerolog"
)

// clientLog is where the client library writes.
type clientLog struct{ log zerolog.Logger }

// Printf implements the library's logger.
func (c clientLog) Printf(_ context.Context, format string, v ...any) {
	c.log.Debug().Str("library", "go-redis").Msg(fmt.Sprintf(format, v...))
}

// RouteClientLog sends what the client library logs to log at debug level, for what it says comes
// back to the callers as errors too. The library has one logger for the whole process, so this is
// for main, once; without it the library writes to stderr.
func RouteClientLog(log zerolog.Logger) { redis.SetLogger(clientLog{log}) }
