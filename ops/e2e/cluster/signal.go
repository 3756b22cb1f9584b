package cluster

import (
	"syscall"
	"testing"
	"time"
)

// Kill ends the process at once, like a crash, and waits for its end. Without a process it does nothing.
func (n *Node) Kill() {
	if n.process != nil {
		n.process.Kill()
	}
}

// Pause stops the process until Resume. Its connections stay open.
func (n *Node) Pause(t testing.TB) { n.signal(t, syscall.SIGSTOP) }

// Resume ends a Pause.
func (n *Node) Resume(t testing.TB) { n.signal(t, syscall.SIGCONT) }

// Terminate asks the process to shut down, as an orchestrator does.
func (n *Node) Terminate(t testing.TB) { n.signal(t, syscall.SIGTERM) }

// Pid returns the process id, for commands that signal the process.
func (n *Node) Pid() int { return n.process.PID() }

func (n *Node) signal(t testing.TB, sig syscall.Signal) {
	t.Helper()
	if err := n.process.Signal(sig); err != nil {
		t.Fatalf("%s: %v", n.ID, err)
	}
}

// Exit waits at most d for the process to end and returns its exit code, or -1 if a signal ended it.
func (n *Node) Exit(t testing.TB, d time.Duration) int {
	t.Helper()
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-n.process.Exited():
	case <-timer.C:
		t.Fatalf("%s has not ended in %v", n.ID, d)
	}
	return n.process.State().ExitCode()
}
