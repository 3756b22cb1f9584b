package redisbus

import (
	"context"
	"fmt"

	"github.com/redis/go-redis/v9"
	"github.com/rs/zerolog"
)

// clientLog writes the log lines of the client library.
type clientLog struct{ log zerolog.Logger }

// Printf implements the logger interface of the library.
func (c clientLog) Printf(_ context.Context, format string, v ...any) {
	c.log.Debug().Str("library", "go-redis").Msg(fmt.Sprintf(format, v...))
}

// RouteClientLog sends the log lines of the client library to log. They are debug lines, because the callers also
// receive these problems as errors. The library has one logger per process, so main calls RouteClientLog once. Without
// it, the library writes to stderr.
func RouteClientLog(log zerolog.Logger) { redis.SetLogger(clientLog{log}) }
