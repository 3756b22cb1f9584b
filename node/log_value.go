package node

import (
	"errors"

	"github.com/rs/zerolog"
)

// LogLevel is the minimum level of lines that are logged.
type LogLevel zerolog.Level

// The levels that can be configured.
const (
	LogDebug = LogLevel(zerolog.DebugLevel)
	LogInfo  = LogLevel(zerolog.InfoLevel)
	LogWarn  = LogLevel(zerolog.WarnLevel)
	LogError = LogLevel(zerolog.ErrorLevel)
)

// UnmarshalText accepts debug, info, warn or error.
func (l *LogLevel) UnmarshalText(text []byte) error {
	for _, level := range []LogLevel{LogDebug, LogInfo, LogWarn, LogError} {
		if level.String() == string(text) {
			*l = level
			return nil
		}
	}
	return errors.New("must be debug, info, warn or error")
}

// String returns the level as it is written in the configuration.
func (l LogLevel) String() string { return zerolog.Level(l).String() }

// MarshalText returns the level as it is written in the configuration.
func (l LogLevel) MarshalText() ([]byte, error) { return []byte(l.String()), nil }

// LogFormat is the format of log lines; empty: console on a terminal, otherwise json.
type LogFormat string

// The formats.
const (
	LogJSON    LogFormat = "json"
	LogConsole LogFormat = "console"
)

// UnmarshalText accepts json or console.
func (f *LogFormat) UnmarshalText(text []byte) error {
	switch s := LogFormat(text); s {
	case LogJSON, LogConsole:
		*f = s
		return nil
	}
	return errors.New("must be json or console")
}
