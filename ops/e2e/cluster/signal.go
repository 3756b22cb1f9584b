package cluster

import (
	"errors"
	"os"
	"syscall"
	"testing"
	"time"
)

// Kill ends the process at once, as a crash would, and waits for its end. Without a process it does nothing.
func (n *Node) Kill() {
	if n.cmd == nil {
		return
	}
	if err := n.cmd.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
		panic("cluster: kill " + n.ID + ": " + err.Error()) // a child of ours can always be killed
	}
	<-n.exited
}

// Pause stops the process without ending its connections, until Resume.
func (n *Node) Pause(t testing.TB) { n.signal(t, syscall.SIGSTOP) }

// Resume ends a Pause.
func (n *Node) Resume(t testing.TB) { n.signal(t, syscall.SIGCONT) }

// Terminate asks the process to shut down, as an orchestrator does.
func (n *Node) Terminate(t testing.TB) { n.signal(t, syscall.SIGTERM) }

// Pid is the process id, for commands that signal it.
func (n *Node) Pid() int { return n.cmd.Process.Pid }

func (n *Node) signal(t testing.TB, sig syscall.Signal) {
	t.Helper()
	if err := n.cmd.Process.Signal(sig); err != nil {
		t.Fatalf("send %v to %s: %v", sig, n.ID, err)
	}
}

// Exit waits for the process to end by itself within d and returns its exit code, -1 where a
// signal ended it.
func (n *Node) Exit(t testing.TB, d time.Duration) int {
	t.Helper()
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-n.exited:
	case <-timer.C:
		t.Fatalf("%s has not ended in %v", n.ID, d)
	}
	return n.cmd.ProcessState.ExitCode()
}
