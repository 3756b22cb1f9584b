package proctest

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
)

// A Process is one running program.
type Process struct {
	cmd    *exec.Cmd
	exited chan struct{} // closed when the process has ended
}

// Start starts cmd and sets its SysProcAttr. The goroutine that starts the process keeps its thread until the process
// ends, because the kernel kills the process when that thread ends.
func Start(cmd *exec.Cmd) (*Process, error) {
	p := &Process{cmd: cmd, exited: make(chan struct{})}
	cmd.SysProcAttr = endWithParent()
	started := make(chan error)
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread() // otherwise the thread would end, and with it processes started on it before
		err := cmd.Start()
		started <- err
		if err == nil {
			_ = cmd.Wait() // the result is in cmd.ProcessState
			close(p.exited)
		}
	}()
	if err := <-started; err != nil {
		return nil, fmt.Errorf("start %s: %w", cmd.Path, err)
	}
	return p, nil
}

// PID returns the process id.
func (p *Process) PID() int { return p.cmd.Process.Pid }

// Exited returns a channel that is closed when the process has ended.
func (p *Process) Exited() <-chan struct{} { return p.exited }

// State returns how the process ended. It is valid once Exited is closed.
func (p *Process) State() *os.ProcessState { return p.cmd.ProcessState }

// Signal sends a signal.
func (p *Process) Signal(sig os.Signal) error {
	if err := p.cmd.Process.Signal(sig); err != nil {
		return fmt.Errorf("send %v to process %d: %w", sig, p.PID(), err)
	}
	return nil
}

// Kill kills the process and waits for its end. It may be called more than once.
func (p *Process) Kill() {
	if err := p.cmd.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
		panic(fmt.Sprintf("proctest: kill process %d: %v", p.PID(), err)) // a child can always be killed
	}
	<-p.exited
}
