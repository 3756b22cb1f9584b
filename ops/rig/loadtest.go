package rig

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"
)

// A Report is what of a loadtest's report is read here. Times are milliseconds.
type Report struct {
	OK          bool `json:"ok"`
	Connections struct {
		Joined    int64   `json:"joined"`
		Seconds   float64 `json:"seconds"`
		PerSecond float64 `json:"perSecond"`
	} `json:"connections"`
	Messages struct {
		Sent       uint64  `json:"sent"`
		Acked      uint64  `json:"acked"`
		AckedRate  float64 `json:"ackedPerSecond"`
		Deliveries uint64  `json:"deliveries"`
		PerSecond  float64 `json:"deliveriesPerSecond"`
		SendLagMax float64 `json:"sendLagMaxMs"`
	} `json:"messages"`
	Faults   map[string]uint64 `json:"faults"`
	Events   map[string]uint64 `json:"events"` // refusals, error codes and close codes
	Ack      Quantiles         `json:"ackMs"`
	Delivery Quantiles         `json:"deliveryMs"`
}

// Quantiles of a latency, in milliseconds.
type Quantiles struct {
	P50 float64 `json:"p50"`
	P99 float64 `json:"p99"`
}

// A loadtest is one process of it.
type loadtest struct {
	cmd    *exec.Cmd
	file   string
	joined chan struct{} // closed when all of its connections have joined
	lines  chan struct{} // closed when it has nothing more to say
	said   bytes.Buffer
}

// start runs the program. look is called when all have joined, at each line of progress after that, and
// so for the last time when everything has arrived and before the connections are closed.
func startLoadtest(ctx context.Context, dir, path string, args []string, look func()) (*loadtest, error) {
	file, err := os.CreateTemp(dir, "report-*.json")
	if err != nil {
		return nil, fmt.Errorf("the report of a loadtest: %w", err)
	}
	_ = file.Close() // nothing was written
	l := &loadtest{file: file.Name(), joined: make(chan struct{}), lines: make(chan struct{})}
	l.cmd = exec.CommandContext(ctx, path, append(args, "-json", l.file)...)
	l.cmd.Cancel = func() error { return l.cmd.Process.Signal(syscall.SIGTERM) }
	l.cmd.WaitDelay = patience
	l.cmd.Env = append(os.Environ(), "AUTH_JWT_SECRET=") // the nodes of a rig have none
	stderr, err := l.cmd.StderrPipe()
	if err != nil {
		return nil, fmt.Errorf("the progress of a loadtest: %w", err)
	}
	if err := l.cmd.Start(); err != nil {
		return nil, fmt.Errorf("start loadtest: %w", err)
	}
	go l.follow(stderr, look)
	return l, nil
}

// follow reads the progress, a line a second.
func (l *loadtest) follow(stderr io.Reader, look func()) {
	defer close(l.lines)
	joined := false
	for lines := bufio.NewScanner(stderr); lines.Scan(); {
		text := lines.Text()
		var now, all int
		if n, _ := fmt.Sscanf(text, "connecting: %d of %d joined", &now, &all); n == 2 {
			if !joined && now == all {
				joined = true
				look()
				close(l.joined)
			}
			continue
		}
		if joined && strings.Contains(text, "deliveries/s") {
			look()
			continue
		}
		l.said.WriteString(text + "\n")
	}
}

// isJoined waits until all connections stand.
func (l *loadtest) isJoined() error {
	select {
	case <-l.joined:
		return nil
	case <-l.lines:
		return fmt.Errorf("not all connections have joined\n%s", l.said.String())
	}
}

// end makes a loadtest that holds its connections end.
func (l *loadtest) end() error {
	if err := l.cmd.Process.Signal(os.Interrupt); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return fmt.Errorf("end loadtest: %w", err)
	}
	return nil
}

// report waits for its end. A run that has found faults is no error: the report names them.
func (l *loadtest) report() (Report, error) {
	<-l.lines
	err := l.cmd.Wait()
	text, readErr := os.ReadFile(l.file)
	var r Report
	if readErr == nil {
		readErr = json.Unmarshal(text, &r)
	}
	if readErr != nil {
		return r, fmt.Errorf("loadtest: %w, %w\n%s", err, readErr, l.said.String())
	}
	return r, nil
}

// used is the processor time of a loadtest that has ended.
func (l *loadtest) used() time.Duration {
	return l.cmd.ProcessState.UserTime() + l.cmd.ProcessState.SystemTime()
}
