package node

import (
	"io"
	"log/slog"
	"os"
	"sync/atomic"
	"time"

	"github.com/mattn/go-isatty"
	"github.com/rs/zerolog"
)

// A Log is the logger of a node. Its level can be changed at run time, also for loggers derived from Logger.
type Log struct {
	Logger     zerolog.Logger
	filter     *levelFilter
	repeats    *repeatLimiter
	configured LogLevel
}

// NameLogFields sets the process-wide field names and formats of zerolog: err for errors, and times in UTC with
// milliseconds. main calls it once, before the first log line.
func NameLogFields() {
	zerolog.ErrorFieldName = "err"
	zerolog.TimeFieldFormat = "2006-01-02T15:04:05.000Z07:00"
	zerolog.TimestampFunc = func() time.Time { return time.Now().UTC() }
}

// NewLog returns the configured logger. It writes each line to out with one Write.
func NewLog(cfg *Config, out io.Writer) *Log {
	terminal := isTerminal(out)
	if cfg.LogFormat == LogConsole || (cfg.LogFormat == "" && terminal) {
		out = zerolog.ConsoleWriter{Out: out, NoColor: !terminal, TimeFormat: "15:04:05.000"}
	}
	l := &Log{filter: &levelFilter{}, repeats: newRepeatLimiter(time.Now), configured: cfg.LogLevel}
	l.SetLevel(cfg.LogLevel)
	l.Logger = zerolog.New(out).Sample(l.filter).Hook(l.repeats).With().Timestamp().Str("instance", string(cfg.InstanceID)).Logger()
	return l
}

// SetLevel sets the minimum level of lines that are logged, also for all derived loggers.
func (l *Log) SetLevel(level LogLevel) { l.filter.minLevel.Store(int32(level)) }

// Level returns the minimum level of lines that are logged.
func (l *Log) Level() LogLevel { return LogLevel(l.filter.minLevel.Load()) }

// Toggle switches between debug and the configured level, and returns the new one.
func (l *Log) Toggle() LogLevel {
	level := LogDebug
	if l.Level() == LogDebug {
		level = l.configured
	}
	l.SetLevel(level)
	return level
}

// Slog returns a logger for libraries that use slog, such as the actor engine. It writes their warnings and errors to
// this log.
func (l *Log) Slog() *slog.Logger {
	library := l.Logger.With().Str("component", "library").Logger()
	return slog.New(&warnHandler{zerolog.NewSlogHandler(library)})
}

// A levelFilter drops lines below a level. It is a sampler, because derived loggers share the sampler of their parent,
// but have their own copy of its level. A line dropped by a sampler costs no more than one dropped by a level.
type levelFilter struct{ minLevel atomic.Int32 }

// Sample implements zerolog.Sampler.
func (f *levelFilter) Sample(level zerolog.Level) bool { return int32(level) >= f.minLevel.Load() }

func isTerminal(out io.Writer) bool {
	f, ok := out.(*os.File)
	return ok && isatty.IsTerminal(f.Fd())
}
