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

// patience is how long a program may take to answer after its start, on a busy machine.
const patience = 20 * time.Second

// process is one running program of Redis.
type process struct {
	cmd  *exec.Cmd
	out  *bytes.Buffer // read only after the program has ended
	dead chan struct{}
}

// launch starts program with its configuration file and ends it with the test.
func launch(t testing.TB, program, config string) *process {
	t.Helper()
	path, err := exec.LookPath(program)
	if err != nil {
		t.Fatalf("%s is not installed: apt-get install -y redis-server redis-sentinel redis-tools", program)
	}
	p := &process{cmd: exec.Command(path, config), out: &bytes.Buffer{}, dead: make(chan struct{})}
	p.cmd.Dir = filepath.Dir(config)
	p.cmd.Stdout, p.cmd.Stderr = p.out, p.out
	// A test binary that is killed takes its servers along.
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := p.cmd.Start(); err != nil {
		t.Fatalf("start %s: %v", program, err)
	}
	go func() {
		defer close(p.dead)
		_ = p.cmd.Wait() // how it ended is of no interest: it is killed
	}()
	t.Cleanup(p.kill)
	return p
}

// kill ends the program at once and waits for its end. It may be called more than once.
func (p *process) kill() {
	if err := p.cmd.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
		panic(fmt.Sprintf("redistest: kill %d: %v", p.cmd.Process.Pid, err))
	}
	<-p.dead
}

// signal sends sig to the program.
func (p *process) signal(t testing.TB, sig syscall.Signal) {
	t.Helper()
	if err := p.cmd.Process.Signal(sig); err != nil {
		t.Fatalf("signal %v to %d: %v", sig, p.cmd.Process.Pid, err)
	}
}

// freePort returns a port nobody listens on, and nobody on the port 10000 above it either, which
// is where a cluster node has its bus.
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

// writeFile puts text into a new file of dir and returns its path.
func writeFile(t testing.TB, dir, name, text string) string {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatalf("write %s: %v", path, err)
	}
	return path
}
