package messagepath

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"chatnode/ops/e2e/client"
	"chatnode/ops/e2e/cluster"
)

const (
	patience = time.Minute
	messages = 6

	// The idle node is observed for at least idleFor, and until it has run no new statement for idleCalm. Its
	// heartbeat and its probe have an interval of 1 s. The observation begins after no client has received a frame for
	// the time settle.
	settle   = 1500 * time.Millisecond
	idleFor  = 4 * time.Second
	idleCalm = 2500 * time.Millisecond

	// After a message the node is idle again when it has run only statements of the idle node for the time quiet.
	quiet = 150 * time.Millisecond
)

// A tracedNode is a running instrumented node and Redis, with a sender and a receiver in one room.
type tracedNode struct {
	*testing.T
	program          *program
	socket           string
	sender, receiver *client.Session
	idle             map[uint32]bool // statements that run while no client sends anything
}

func startNode(t *testing.T, p *program) *tracedNode {
	t.Helper()
	n := &tracedNode{T: t, program: p, socket: filepath.Join(t.TempDir(), "s"), idle: map[uint32]bool{}}
	c := cluster.Start(t, cluster.Options{Binary: p.binary, Nodes: 1, Redis: true, Env: map[string]string{
		"CHATNODE_TRACE": n.socket, "HEARTBEAT_INTERVAL": "1s", "INSTANCE_DEAD_AFTER": "30s", "GUEST_ACCESS": "write",
		"PRESENCE_TIMEOUT": "10m", "PING_INTERVAL": "5m", "RATE_LIMIT": "100/1s",
	}})
	n.sender, n.receiver = n.join(c.Nodes[0].Addr), n.join(c.Nodes[0].Addr)
	return n
}

func (n *tracedNode) join(addr string) *client.Session {
	n.Helper()
	ctx, cancel := context.WithTimeout(n.Context(), patience)
	defer cancel()
	s, err := client.Open(ctx, client.Dial{Addr: addr, Query: url.Values{"room": {"path"}}}, nil)
	if err != nil {
		n.Fatal(err)
	}
	n.Cleanup(s.Close)
	n.await(s, func(f client.Frame) bool { return f.Type == "message_history" })
	return s
}

func (n *tracedNode) await(s *client.Session, match func(client.Frame) bool) client.Frame {
	n.Helper()
	ctx, cancel := context.WithTimeout(n.Context(), patience)
	defer cancel()
	f, err := s.Await(ctx, match)
	if err != nil {
		n.Fatal(err)
	}
	return f
}

// take returns the numbers of the statements that the node has run since the last call, in order.
func (n *tracedNode) take() []uint32 {
	n.Helper()
	hits, err := readTrace(n.socket)
	if err != nil {
		n.Fatalf("read the trace: %v", err)
	}
	return hits
}

func readTrace(socket string) ([]uint32, error) {
	c, err := net.DialTimeout("unix", socket, patience)
	if err != nil {
		return nil, err
	}
	defer c.Close()
	if err := c.SetDeadline(time.Now().Add(patience)); err != nil {
		return nil, err
	}
	b, err := io.ReadAll(c)
	if err != nil {
		return nil, err
	}
	hits := make([]uint32, len(b)/4)
	if _, err := binary.Decode(b, binary.LittleEndian, hits); err != nil {
		return nil, err
	}
	switch {
	case len(hits) == 0 || int(hits[0]) != len(hits)-1:
		return nil, fmt.Errorf("%d bytes are not a complete trace", len(b))
	case slices.Contains(hits, 1<<32-1):
		return nil, errors.New("the node ran too many statements")
	}
	return hits[1:], nil
}

// observeIdle fills n.idle with what the node runs while its clients neither send nor receive frames. It begins again
// if a client receives one: the frames after a join, or a change of status on a busy machine.
func (n *tracedNode) observeIdle() {
	n.Helper()
	var frames int
	var start, lastNew time.Time
	n.poll("the idle node ran no new statements", 100*time.Millisecond, func() bool {
		if f := len(n.sender.Seen()) + len(n.receiver.Seen()); f != frames || time.Since(start) < settle {
			if f != frames {
				frames, start = f, time.Now()
			}
			clear(n.idle)
			n.take()
			return false
		}
		for _, s := range n.take() {
			if !n.idle[s] {
				n.idle[s], lastNew = true, time.Now()
			}
		}
		return time.Since(start) > settle+idleFor && time.Since(lastNew) > idleCalm
	})
}

// poll calls ok at the interval until it returns true.
func (n *tracedNode) poll(what string, interval time.Duration, ok func() bool) {
	n.Helper()
	tick := time.NewTicker(interval)
	defer tick.Stop()
	deadline := time.After(patience)
	for !ok() {
		select {
		case <-tick.C:
		case <-deadline:
			n.Fatalf("not within %v: %s", patience, what)
		}
	}
}

// send sends a message and returns the statements that the node runs for it in their order, without those of the idle
// node. It returns when both clients have the message, the sender has its ack, and the node is idle again. It sends
// another message if Redis was not available, which may happen on a busy machine.
func (n *tracedNode) send(id string) []uint32 {
	n.Helper()
	for try := 0; ; try++ {
		id := fmt.Sprintf("%s-%d", id, try)
		n.untilIdle()
		if err := n.sender.Send(client.Command{Type: "send_message", ID: id, Room: "path", Message: id}); err != nil {
			n.Fatal(err)
		}
		for _, s := range []*client.Session{n.sender, n.receiver} {
			n.await(s, func(f client.Frame) bool {
				m, err := client.Decode[client.Message](f)
				return f.Type == "new_message" && err == nil && m.Message == id
			})
		}
		ack := n.await(n.sender, func(f client.Frame) bool { return f.Type == "ack" && f.ID == id })
		if ran := n.untilIdle(); ack.Stored == "redis" {
			return ran
		}
		if try == messages {
			n.Fatalf("Redis was not available for %d messages in succession", messages)
		}
	}
}

// untilIdle waits until the node has run only statements of the idle node for the time quiet, and returns the others
// that it ran before.
func (n *tracedNode) untilIdle() []uint32 {
	n.Helper()
	var ran []uint32
	lastRun := time.Now()
	n.poll("the node was idle again", quiet/3, func() bool {
		for _, s := range n.take() {
			if !n.idle[s] {
				ran, lastRun = append(ran, s), time.Now()
			}
		}
		return time.Since(lastRun) > quiet
	})
	return ran
}
