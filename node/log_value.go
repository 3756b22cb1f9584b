package node

import (
	"errors"

	"github.com/rs/zerolog"
)

// LogLevel is the least level that is logged.
type LogLevel zerolog.Level

// The levels that can be configured.
const (
	LogDebug = LogLevel(zerolog.DebugLevel)
	LogInfo  = LogLevel(zerolog.InfoLevel)
	LogWarn  = LogLevel(zerolog.WarnLevel)
	LogError = LogLevel(zerolog.ErrorLevel)
)

// UnmarshalText reads debug, info, warn or error.
func (l *LogLevel) UnmarshalText(text []byte) error {
	for _, level := range []LogLevel{LogDebug, LogInfo, LogWarn, LogError} {
		if level.String() == string(text) {
			*l = level
			return nil
		}
	}
	return errors.New("must be debug, info, warn or error")
}

// String is the level as it is configured.
func (l LogLevel) String() string { return zerolog.Level(l).String() }

// MarshalText is String.
func (l LogLevel) MarshalText() ([]byte, error) { return []byte(l.String()), nil }

// LogFormat is how a log line looks; empty: console on a terminal, else json.
type LogFormat string

// The formats.
const (
	LogJSON    LogFormat = "json"
	LogConsole LogFormat = "console"
)

// UnmarshalText reads json or console.
func (f *LogFormat) UnmarshalText(text []byte) error {
	switch s := LogFormat(text); s {
	case LogJSON, LogConsole:
		*f = s
		return nil
	}
	return errors.New("must be json or console")
}
