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
	idleEnv   = "CHATNODE_IDLE_CLIENTS" // "address count": be the clients' process
	idleCount = 5000
)

// mute is a session that costs nothing.
type mute struct{ socket chat.Socket }

func (m mute) Handle(wire.Command) error   { return nil }
func (m mute) Malformed(string, wire.Code) {}
func (m mute) Touch()                      {}
func (m mute) SendControl([]byte)          {}
func (m mute) ReaderClosed(error)          { m.socket.Close() }

// BenchmarkIdleConnection measures the resident memory of an idle connection, the edge's share: silent
// from the start, and after each has sent a message. The clients live in another process.
func BenchmarkIdleConnection(b *testing.B) {
	for range b.N {
		r := newRig(b, func(o *Options) {
			o.Admit = func(a chat.ConnectRequest) (Client, error) {
				_, err := a.Socket.Write(nil)
				return mute{a.Socket}, err
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
		_, _ = io.WriteString(in, "talk\n") // the wait below fails if it does not arrive
		awaitLine(b, lines, "talked")
		within(b, waitTime, "all have talked", func() bool { return r.edge.Stats().FramesIn.Load() == idleCount })
		talked := resident(b)
		b.ReportMetric((silent-before)/idleCount, "B/silent")
		b.ReportMetric((talked-before)/idleCount, "B/talked")
		b.ReportMetric(stacks/idleCount, "stackB/silent")
		b.ReportMetric(stackBytes()/idleCount, "stackB/talked")
		_ = in.Close()
		_ = cmd.Wait() // its exit is ours
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
	b.Fatalf("the clients' process ended before %q", want)
}

// resident is the process's resident memory in bytes, once the garbage has been given back.
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
