package ws

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"testing"

	"chatnode/actors/chat"
	"chatnode/actors/wire"
)

const (
	idleEnv   = "CHATNODE_IDLE_CLIENTS" // "address count"; set in the process of the clients
	idleCount = 5000
)

// idleSession is a session without state.
type idleSession struct{ socket chat.Socket }

func (m idleSession) Handle(wire.Command) error   { return nil }
func (m idleSession) Malformed(string, wire.Code) {}
func (m idleSession) Touch()                      {}
func (m idleSession) SendControl([]byte)          {}
func (m idleSession) ReaderClosed(error)          { m.socket.Close() }

// BenchmarkIdleConnection measures the resident memory per idle connection in this package, before and after it has
// sent a message. The clients are in another process.
func BenchmarkIdleConnection(b *testing.B) {
	for range b.N {
		r := newRig(b, func(o *Options) {
			o.Admit = func(a chat.ConnectRequest) (Client, error) {
				_, err := a.Socket.Write(nil)
				return idleSession{a.Socket}, err
			}
		})
		before := resident(b)
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), fmt.Sprintf("%s=%s %d", idleEnv, r.addr, idleCount))
		in, out := pipes(b, cmd)
		lines := bufio.NewScanner(out)
		awaitLine(b, lines, "open")
		silent := resident(b)
		stacks := stackBytes()
		_, _ = io.WriteString(in, "send\n") // if it fails, awaitLine fails
		awaitLine(b, lines, "sent")
		within(b, waitTime, "all messages are read", func() bool { return r.server.Stats().FramesIn.Load() == idleCount })
		active := resident(b)
		b.ReportMetric((silent-before)/idleCount, "B/silent")
		b.ReportMetric((active-before)/idleCount, "B/active")
		b.ReportMetric(stacks/idleCount, "stackB/silent")
		b.ReportMetric(stackBytes()/idleCount, "stackB/active")
		_ = in.Close()
		_ = cmd.Wait() // ended by the close of its input
	}
}

func pipes(b *testing.B, cmd *exec.Cmd) (io.WriteCloser, io.Reader) {
	in, err := cmd.StdinPipe()
	if err != nil {
		b.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	return in, out
}

func awaitLine(b *testing.B, lines *bufio.Scanner, want string) {
	b.Helper()
	for lines.Scan() {
		if lines.Text() == want {
			return
		}
	}
	b.Fatalf("the process of the clients ended before %q", want)
}

// resident returns the resident memory of the process in bytes after a garbage collection.
func resident(b *testing.B) float64 {
	debug.FreeOSMemory()
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		b.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(status), "VmRSS:")
	kib, err := strconv.ParseFloat(strings.Fields(rest)[0], 64)
	if err != nil {
		b.Fatal(err)
	}
	return kib * 1024
}

func stackBytes() float64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return float64(m.StackInuse)
}
