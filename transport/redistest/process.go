package redistest

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// waitTimeout is the maximum time until a process answers after its start. It is sufficient for a busy machine.
const waitTimeout = 20 * time.Second

// process is one running process of redis-server or redis-sentinel.
type process struct {
	cmd  *exec.Cmd
	out  *bytes.Buffer // must be read only after done is closed
	done chan struct{} // closed when the process has exited
}

// launch starts program with a configuration file, and kills it at the end of the test.
func launch(t testing.TB, program, config string) *process {
	t.Helper()
	path, err := exec.LookPath(program)
	if err != nil {
		t.Fatalf("%s is not installed: apt-get install -y redis-server redis-sentinel redis-tools", program)
	}
	p := &process{cmd: exec.Command(path, config), out: &bytes.Buffer{}, done: make(chan struct{})}
	p.cmd.Dir = filepath.Dir(config)
	p.cmd.Stdout, p.cmd.Stderr = p.out, p.out
	// If the test binary is killed, the kernel kills its servers as well.
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := p.cmd.Start(); err != nil {
		t.Fatalf("start %s: %v", program, err)
	}
	go func() {
		defer close(p.done)
		_ = p.cmd.Wait() // always fails, because the process is killed
	}()
	t.Cleanup(p.kill)
	return p
}

// kill kills the process and waits until it has exited. It may be called more than once.
func (p *process) kill() {
	if err := p.cmd.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
		panic(fmt.Sprintf("redistest: kill %d: %v", p.cmd.Process.Pid, err))
	}
	<-p.done
}

// signal sends sig to the process.
func (p *process) signal(t testing.TB, sig syscall.Signal) {
	t.Helper()
	if err := p.cmd.Process.Signal(sig); err != nil {
		t.Fatalf("signal %v to %d: %v", sig, p.cmd.Process.Pid, err)
	}
}

// freePort returns an unused port. Port+10000, the bus port of a cluster node, is unused as well.
func freePort(t testing.TB) int {
	t.Helper()
	for range 100 {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatalf("find a free port: %v", err)
		}
		port := l.Addr().(*net.TCPAddr).Port
		_ = l.Close()
		if port+10000 > 65535 {
			continue
		}
		bus, err := net.Listen("tcp", address(port+10000))
		if err == nil {
			_ = bus.Close()
			return port
		}
	}
	t.Fatal("no free port")
	return 0
}

func address(port int) string { return fmt.Sprintf("127.0.0.1:%d", port) }

// writeFile writes text to a new file in dir and returns its path.
func writeFile(t testing.TB, dir, name, text string) string {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatalf("write %s: %v", path, err)
	}
	return path
}
