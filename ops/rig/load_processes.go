package rig

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"
)

// Report is the part of a loadtest's report that is used here. Times are milliseconds.
type Report struct {
	OK          bool `json:"ok"`
	Connections struct {
		PerSecond float64 `json:"perSecond"`
	} `json:"connections"`
	Messages struct {
		Sent       uint64  `json:"sent"`
		Acked      uint64  `json:"acked"`
		AckedRate  float64 `json:"ackedPerSecond"`
		Deliveries uint64  `json:"deliveries"`
		PerSecond  float64 `json:"deliveriesPerSecond"`
	} `json:"messages"`
	Faults   map[string]uint64  `json:"faults"`
	Events   map[string]uint64  `json:"events"` // refusals, error codes and close codes
	Ack      map[string]float64 `json:"ackMs"`  // p50, p99
	Delivery map[string]float64 `json:"deliveryMs"`
}

// loadProcesses is the processes of one load. They share rooms.
type loadProcesses struct {
	bench *Bench
	load  Load
	rooms string // prefix of their names
	all   []*loadtest
}

// loadtest is one process. report, output and err are valid after exited is closed.
type loadtest struct {
	cmd            *exec.Cmd
	joined, exited chan struct{}
	report         Report
	output         strings.Builder // lines other than progress
	err            error
}

// start adds a process that sends for d, and waits until its connections have joined. It calls onProgress at that
// time, then once a second, and at last when all messages have arrived, before the connections are closed. It returns
// nil if the bench has failed.
func (p *loadProcesses) start(connections int, d time.Duration, onProgress func()) *loadtest {
	if p.bench.err != nil {
		return nil
	}
	var addrs []string
	for _, s := range p.bench.Servers {
		addrs = append(addrs, s.Addr)
	}
	l, i := p.load, len(p.all)+1
	if d == maxHold {
		l.Rate, l.Outstanding, l.Silent = 0, 0, 0
	}
	report := filepath.Join(p.bench.Dir, fmt.Sprintf("%s%d.json", p.rooms, i))
	// Each process has four source addresses: one has about 28,000 ports per node, and those of the load before may
	// still be in use.
	args := fmt.Sprintf("-addr %s -room-prefix %s -sources 127.0.%d.1-127.0.%d.4 -n %d -rooms %d -size %d -connect-rate %f -duration %s -rate %f -outstanding %d -silent %d -json",
		strings.Join(addrs, ","), p.rooms, i, i, connections, l.Rooms, l.Size, l.ConnectRate, d, l.Rate, l.Outstanding, l.Silent)
	cmd := exec.CommandContext(p.bench.Ctx, p.bench.loadtest, append(strings.Fields(args), report)...)
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.WaitDelay = waitTimeout
	cmd.Env = append(os.Environ(), "AUTH_JWT_SECRET=") // the nodes have none
	stderr, err := cmd.StderrPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		p.bench.Fail(fmt.Errorf("start loadtest: %w", err))
		return nil
	}
	t := &loadtest{cmd: cmd, joined: make(chan struct{}), exited: make(chan struct{})}
	p.all = append(p.all, t)
	go t.follow(stderr, onProgress, report)
	select {
	case <-t.joined:
		return t
	case <-t.exited:
		p.bench.Fail(fmt.Errorf("not all connections have joined\n%s", t.output.String()))
		return nil
	}
}

// follow reads the progress and then the report. Faults in the report are not an error.
func (t *loadtest) follow(stderr io.Reader, onProgress func(), file string) {
	defer close(t.exited)
	join := sync.OnceFunc(func() { close(t.joined) })
	for lines := bufio.NewScanner(stderr); lines.Scan(); {
		var joined, all int
		n, _ := fmt.Sscanf(lines.Text(), "connecting: %d of %d joined", &joined, &all)
		switch {
		case n == 2 && joined == all:
			onProgress()
			join()
		case strings.Contains(lines.Text(), "deliveries/s"):
			onProgress()
		case n < 2:
			fmt.Fprintln(&t.output, lines.Text())
		}
	}
	exit := t.cmd.Wait()
	text, err := os.ReadFile(file)
	if err == nil {
		err = json.Unmarshal(text, &t.report)
	}
	if err != nil {
		t.err = fmt.Errorf("loadtest: %w\n%s", errors.Join(exit, err), t.output.String())
	}
}

// stop ends the processes and waits for their reports.
func (p *loadProcesses) stop() {
	for _, t := range p.all {
		_ = t.cmd.Cancel() // fails only if it has ended
		<-t.exited
	}
}
