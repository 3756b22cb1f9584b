package rig

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"time"

	"chatnode/transport/proctest"
)

const (
	waitTimeout  = 20 * time.Second // for a process to become ready, or to end
	pollInterval = 20 * time.Millisecond
)

// Process is one running server. Its output is in a file.
type Process struct {
	Name string
	Addr string // host:port

	cmd     *exec.Cmd
	process *proctest.Process // nil: not started
}

func newProcess(name, port, path string, args ...string) *Process {
	return &Process{Name: name, Addr: "127.0.0.1:" + port, cmd: exec.Command(path, args...)}
}

// start starts a process and waits until ready returns nil, the process ends or waitTimeout expires.
func (b *Bench) start(p *Process, ready func(context.Context) error) {
	log, err := os.CreateTemp(b.Dir, p.Name+"-*.log")
	b.Fail(err)
	if b.err != nil {
		return
	}
	defer log.Close()
	p.cmd.Stdout, p.cmd.Stderr = log, log
	if p.process, err = proctest.Start(p.cmd); err != nil {
		b.Fail(fmt.Errorf("%w (apt-get install redis-server redis-tools?)", err))
		return
	}
	ctx, cancel := context.WithTimeout(b.Ctx, waitTimeout)
	defer cancel()
	for ready(ctx) != nil {
		select {
		case <-time.After(pollInterval):
		case <-p.process.Exited():
			text, _ := os.ReadFile(log.Name()) // without it the error has less detail
			b.Fail(fmt.Errorf("%s ended before it was ready:\n%s", p.Name, text))
			return
		case <-ctx.Done():
			b.Fail(fmt.Errorf("%s was not ready: %w", p.Name, ctx.Err()))
			return
		}
	}
}

// stop kills the process, which has no data to save, and waits for its end.
func (p *Process) stop() {
	if p.process != nil {
		p.process.Kill()
	}
}
