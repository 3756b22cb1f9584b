package cluster

import (
	"os/exec"
	"runtime"
	"testing"
)

// A spawner starts processes from one thread that lives as long as they do. The kernel ties their
// lives to that thread, so even a test binary that panics or times out leaves none behind.
type spawner struct {
	orders chan order
}

type order struct {
	cmd  *exec.Cmd
	done chan error
}

// newSpawner starts the thread; it ends with the test, after everything that was cleaned up before.
func newSpawner(t testing.TB) *spawner {
	s := &spawner{orders: make(chan order)}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		runtime.LockOSThread()
		defer runtime.UnlockOSThread() // or the thread would end, and with it what others started from it
		for o := range s.orders {
			o.done <- o.cmd.Start()
		}
	}()
	t.Cleanup(func() {
		close(s.orders)
		<-ended
	})
	return s
}

func (s *spawner) start(cmd *exec.Cmd) error {
	cmd.SysProcAttr = withParent()
	o := order{cmd, make(chan error, 1)}
	s.orders <- o
	return <-o.done
}
