package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

// outcome is the result of one run of the program.
type outcome struct {
	code   int
	out    string
	log    string
	report report
	svg    string
}

// flight is a run in progress.
type flight struct {
	dir  string
	out  bytes.Buffer
	log  watched
	code chan int
}

// launch starts the program against addr. It ends after a minute at the latest.
func launch(t testing.TB, addr string, args ...string) *flight {
	t.Helper()
	f := &flight{dir: t.TempDir(), log: watched{sending: make(chan struct{})}, code: make(chan int, 1)}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	args = append([]string{"-addr", addr, "-json", f.file("report.json"), "-plot", f.file("plot.svg")}, args...)
	var wg sync.WaitGroup
	wg.Go(func() { f.code <- command(ctx, args, func(string) string { return "" }, &f.out, &f.log) })
	t.Cleanup(func() {
		cancel()
		wg.Wait()
	})
	return f
}

func (f *flight) file(name string) string { return filepath.Join(f.dir, name) }

// awaitSending waits until messages have been sent.
func (f *flight) awaitSending(t testing.TB) {
	t.Helper()
	select {
	case <-f.log.sending:
	case code := <-f.code:
		t.Fatalf("exit %d before anything was sent:\n%s", code, f.log.String())
	}
}

// land waits for the end and returns the outcome.
func (f *flight) land(t testing.TB) outcome {
	t.Helper()
	o := outcome{code: <-f.code, out: f.out.String(), log: f.log.String()}
	text, err := os.ReadFile(f.file("report.json"))
	if err != nil || len(text) == 0 {
		t.Fatalf("exit %d, no report (%v):\n%s", o.code, err, o.log)
	}
	// The options have a form for people, and are not read.
	into := struct {
		*report
		Options any `json:"options"`
	}{report: &o.report}
	if err := json.Unmarshal(text, &into); err != nil {
		t.Fatal(err)
	}
	svg, err := os.ReadFile(f.file("plot.svg"))
	if err != nil {
		t.Fatal(err)
	}
	o.svg = string(svg)
	return o
}

// loadtest runs the program against addr to its end.
func loadtest(t testing.TB, addr string, args ...string) outcome {
	t.Helper()
	return launch(t, addr, args...).land(t)
}

// watched is a log that reports when it says that messages are being sent.
type watched struct {
	mu      sync.Mutex
	text    bytes.Buffer
	sending chan struct{}
	told    bool
}

func (w *watched) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.told && bytes.Contains(p, []byte(" sent ")) {
		w.told = true
		close(w.sending)
	}
	return w.text.Write(p)
}

// String returns the log so far.
func (w *watched) String() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.text.String()
}
