package node

import (
	"bytes"
	"encoding/json"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/rs/zerolog"
)

// lines returns the log lines in out. Each must be a JSON object.
func lines(t *testing.T, out *bytes.Buffer) []map[string]any {
	t.Helper()
	var all []map[string]any
	for line := range strings.Lines(out.String()) {
		var fields map[string]any
		if err := json.Unmarshal([]byte(line), &fields); err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		all = append(all, fields)
	}
	return all
}

func TestLogFieldNames(t *testing.T) {
	var out bytes.Buffer
	log := NewLog(&Config{InstanceID: "n1", LogLevel: LogInfo}, &out)
	log.Logger.Error().AnErr("err", errors.New("broken")).Str("room", "global").Msg("append failed")
	got := lines(t, &out)
	if len(got) != 1 {
		t.Fatalf("%d lines, want 1", len(got))
	}
	for name, want := range map[string]string{"level": "error", "instance": "n1", "room": "global", "message": "append failed", "err": "broken"} {
		if got[0][name] != want {
			t.Errorf("%s is %v, want %s", name, got[0][name], want)
		}
	}
	if _, err := time.Parse(time.RFC3339, got[0]["time"].(string)); err != nil {
		t.Error(err)
	}
}

func TestLevelAppliesToDerivedLoggers(t *testing.T) {
	var out bytes.Buffer
	log := NewLog(&Config{LogLevel: LogWarn}, &out)
	derived := log.Logger.With().Str("room", "r").Logger()
	derived.Info().Msg("hidden")
	if log.Toggle() != LogDebug {
		t.Errorf("level after the first toggle: %s, want debug", log.Level())
	}
	derived.Debug().Msg("shown")
	if log.Toggle() != LogWarn {
		t.Errorf("level after the second toggle: %s, want warn", log.Level())
	}
	derived.Info().Msg("hidden again")
	log.SetLevel(LogError)
	derived.Warn().Msg("also hidden")
	if got := lines(t, &out); len(got) != 1 || got[0]["message"] != "shown" || log.Level() != LogError {
		t.Errorf("logged %v", got)
	}
}

func TestSlogWarningsAreLogged(t *testing.T) {
	var out bytes.Buffer
	log := NewLog(&Config{LogLevel: LogDebug}, &out)
	library := log.Slog().With("actor", "room/1")
	library.Info("started")
	library.Error("restarted", slog.Group("g", "n", 3))
	got := lines(t, &out)
	if len(got) != 1 || got[0]["level"] != "error" || got[0]["message"] != "restarted" || got[0]["component"] != "library" {
		t.Fatalf("logged %v", got)
	}
	if got[0]["actor"] != "room/1" || got[0]["g.n"] != 3.0 {
		t.Errorf("attributes are missing: %v", got[0])
	}
	log.SetLevel(LogError)
	library.Log(t.Context(), slog.LevelWarn, "hidden")
	if n := len(lines(t, &out)); n != 1 {
		t.Error("a warning was logged at level error")
	}
}

func TestConsoleLogFormat(t *testing.T) {
	var out bytes.Buffer
	NewLog(&Config{LogFormat: LogConsole}, &out).Logger.Info().Msg("hello")
	if s := out.String(); strings.HasPrefix(s, "{") || !strings.Contains(s, "INF hello") {
		t.Errorf("printed %q", s)
	}
}

func TestRepeatedLinesAreSuppressed(t *testing.T) {
	var out bytes.Buffer
	now := time.Unix(1_000_000, 0)
	r := newRepeatLimiter(func() time.Time { return now })
	log := zerolog.New(&out).Hook(r)
	const sent = repeatBurst + 7
	for range sent {
		log.Warn().Str("room", "r").Msg("frame dropped")
		log.Debug().Msg("detail")
	}
	log.Warn().Msg("something else")
	if got := len(lines(t, &out)); got != repeatBurst+sent+1 {
		t.Errorf("%d lines, want %d", got, repeatBurst+sent+1)
	}
	out.Reset()
	now = now.Add(repeatWindow)
	log.Warn().Msg("frame dropped")
	log.Warn().Msg("frame dropped")
	got := lines(t, &out)
	if len(got) != 2 || got[0]["repeats"] != 7.0 || got[1]["repeats"] != nil {
		t.Errorf("logged %v, want 7 suppressed lines in the first line", got)
	}
}

// A failure that is logged four times per second for hours must not fill the log.
func TestSustainedRepeatsAreLimited(t *testing.T) {
	var out bytes.Buffer
	now := time.Unix(1_000_000, 0)
	log := zerolog.New(&out).Hook(newRepeatLimiter(func() time.Time { return now }))
	fail := func(windows, times int) (logged int) {
		t.Helper()
		out.Reset()
		for range windows {
			for range times {
				log.Warn().Msg("append failed")
			}
			now = now.Add(repeatWindow)
		}
		return len(lines(t, &out))
	}
	if n, want := fail(360, 40), repeatBurst+359*repeatSustained; n != want {
		t.Errorf("%d lines for 14,400 failures in an hour, want %d", n, want)
	}
	if n := fail(1, 1); n != 1 {
		t.Errorf("%d lines for one more failure, want 1", n)
	}
	if n := fail(1, 40); n != repeatBurst {
		t.Errorf("%d lines after a window with one failure, want %d", n, repeatBurst)
	}
	now = now.Add(repeatWindow)
	if n := fail(1, 40); n != repeatBurst {
		t.Errorf("%d lines after a window without failures, want %d", n, repeatBurst)
	}
}
