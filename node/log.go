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

// A Log is a node's logger, with what can be changed while the node runs. Loggers derived from
// Logger follow it.
type Log struct {
	Logger     zerolog.Logger
	gate       *levelFilter
	repeats    *repeatLimiter
	configured LogLevel
}

// NameLogFields sets zerolog's process-wide names and formats: err for errors, and times in UTC
// with milliseconds. main calls it once, before anything is logged.
func NameLogFields() {
	zerolog.ErrorFieldName = "err"
	zerolog.TimeFieldFormat = "2006-01-02T15:04:05.000Z07:00"
	zerolog.TimestampFunc = func() time.Time { return time.Now().UTC() }
}

// NewLog builds the logger that the configuration asks for; every line goes to out in one Write.
func NewLog(cfg *Config, out io.Writer) *Log {
	terminal := isTerminal(out)
	if cfg.LogFormat == LogConsole || (cfg.LogFormat == "" && terminal) {
		out = zerolog.ConsoleWriter{Out: out, NoColor: !terminal, TimeFormat: "15:04:05.000"}
	}
	l := &Log{gate: &levelFilter{}, repeats: newRepeats(time.Now), configured: cfg.LogLevel}
	l.SetLevel(cfg.LogLevel)
	l.Logger = zerolog.New(out).Sample(l.gate).Hook(l.repeats).With().Timestamp().Str("instance", string(cfg.InstanceID)).Logger()
	return l
}

// SetLevel changes the least level that is logged, at once and for all loggers derived from l's.
func (l *Log) SetLevel(level LogLevel) { l.gate.least.Store(int32(level)) }

// Level is the least level that is logged now.
func (l *Log) Level() LogLevel { return LogLevel(l.gate.least.Load()) }

// Toggle switches between debug and the configured level, and returns the new one.
func (l *Log) Toggle() LogLevel {
	level := LogDebug
	if l.Level() == LogDebug {
		level = l.configured
	}
	l.SetLevel(level)
	return level
}

// Suppressed counts the lines that were left out as repeats since the start.
func (l *Log) Suppressed() uint64 { return l.repeats.total.Load() }

// Slog is a standard logger whose warnings and errors become lines of this log. Libraries that log
// by slog, as the actor engine does, get it by slog.SetDefault.
func (l *Log) Slog() *slog.Logger {
	library := l.Logger.With().Str("component", "library").Logger()
	return slog.New(&warnHandler{zerolog.NewSlogHandler(library)})
}

// A levelFilter lets levels pass. It is a sampler, because a logger copies its own level into those
// derived from it, but shares its sampler with them; and a line that a sampler holds back costs
// no more than one held back by a level.
type levelFilter struct{ least atomic.Int32 }

// Sample implements zerolog.Sampler.
func (g *levelFilter) Sample(level zerolog.Level) bool { return int32(level) >= g.least.Load() }

func isTerminal(out io.Writer) bool {
	f, ok := out.(*os.File)
	return ok && isatty.IsTerminal(f.Fd())
}
