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

// lines are the log lines in out, decoded, which each must be one JSON object.
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
		t.Fatalf("%d lines", len(got))
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
		t.Error("toggled to something else than debug")
	}
	derived.Debug().Msg("shown")
	if log.Toggle() != LogWarn {
		t.Error("did not toggle back")
	}
	derived.Info().Msg("hidden again")
	log.SetLevel(LogError)
	derived.Warn().Msg("hidden still")
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
		t.Errorf("attributes are lost: %v", got[0])
	}
	log.SetLevel(LogError)
	library.Log(t.Context(), slog.LevelWarn, "hidden")
	if n := len(lines(t, &out)); n != 1 {
		t.Error("a warning passed a level of error")
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
		t.Errorf("%d lines", got)
	}
	out.Reset()
	now = now.Add(repeatWindow)
	log.Warn().Msg("frame dropped")
	log.Warn().Msg("frame dropped")
	got := lines(t, &out)
	if len(got) != 2 || got[0]["repeats"] != 7.0 || got[1]["repeats"] != nil || r.total.Load() != 7 {
		t.Errorf("logged %v, %d left out", got, r.total.Load())
	}
}

// What fails four times a second, for as long as nobody mends it, does not fill the log.
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
		t.Errorf("%d lines in an hour of 14,400 failures, want %d", n, want)
	}
	if n := fail(1, 1); n != 1 {
		t.Errorf("%d lines of one more failure", n)
	}
	if n := fail(1, 40); n != repeatBurst {
		t.Errorf("%d lines once it had been calm, want %d", n, repeatBurst)
	}
	now = now.Add(repeatWindow)
	if n := fail(1, 40); n != repeatBurst {
		t.Errorf("%d lines after a window without any, want %d", n, repeatBurst)
	}
}
