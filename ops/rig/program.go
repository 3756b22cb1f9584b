package rig

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"syscall"
	"time"
)

const (
	patience = 20 * time.Second // for a program to begin or end
	lookEach = 20 * time.Millisecond
)

// A Program is one process, and its output in a file.
type Program struct {
	Name   string
	Addr   string // host:port that it serves
	cmd    *exec.Cmd
	exited chan struct{} // closed when it has ended
	log    string
}

// Start starts a program with the arguments and settings given, and writes what it says to a file in dir.
func Start(dir, name, path string, args, env []string) (*Program, error) {
	log, err := os.CreateTemp(dir, name+"-*.log")
	if err != nil {
		return nil, fmt.Errorf("the log of %s: %w", name, err)
	}
	defer log.Close()
	p := &Program{Name: name, cmd: exec.Command(path, args...), exited: make(chan struct{}), log: log.Name()}
	p.cmd.Stdout, p.cmd.Stderr = log, log
	p.cmd.Env = append(os.Environ(), env...)
	if err := p.cmd.Start(); err != nil {
		return nil, fmt.Errorf("start %s: %w", name, err)
	}
	go func() {
		defer close(p.exited)
		_ = p.cmd.Wait() // how it ended is of no interest: whoever needs it alive has noticed
	}()
	return p, nil
}

// PID is the process's id.
func (p *Program) PID() int { return p.cmd.Process.Pid }

// Await waits until ok, and fails when the program ends, ctx does, or patience.
func (p *Program) Await(ctx context.Context, ok func() bool) error {
	tick := time.NewTicker(lookEach)
	defer tick.Stop()
	deadline := time.After(patience)
	for !ok() {
		select {
		case <-tick.C:
		case <-p.exited:
			text, _ := os.ReadFile(p.log) // without it the error says less
			return fmt.Errorf("%s has ended:\n%s", p.Name, text)
		case <-deadline:
			return fmt.Errorf("%s was not ready in %v", p.Name, patience)
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

// Stop asks the program to end, and ends it where it does not. It may be called again.
func (p *Program) Stop() error {
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return fmt.Errorf("end %s: %w", p.Name, err)
	}
	select {
	case <-p.exited:
	case <-time.After(patience):
		if err := p.cmd.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
			return fmt.Errorf("kill %s: %w", p.Name, err)
		}
		<-p.exited
	}
	return nil
}

// A Group is programs that end together, the last started first.
type Group struct{ programs []*Program }

// Add takes a program to the group.
func (g *Group) Add(p *Program) { g.programs = append(g.programs, p) }

// Stop ends all of them.
func (g *Group) Stop() error {
	var errs []error
	for i := len(g.programs) - 1; i >= 0; i-- {
		errs = append(errs, g.programs[i].Stop())
	}
	g.programs = nil
	return errors.Join(errs...)
}
