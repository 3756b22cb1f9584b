package e2e

import (
	"context"
	"errors"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"chatnode/ops/e2e/client"
	"chatnode/ops/e2e/cluster"
)

// waitTimeout is the timeout of waits that usually take milliseconds. The machine may be busy, and the node built with
// -race.
const waitTimeout = 30 * time.Second

// global is the room that each client joins.
const global = "global"

// world is a running cluster, and what scenarios do with it.
type world struct {
	*testing.T
	*cluster.Cluster
}

func newWorld(t *testing.T, topology cluster.Options, e env) *world {
	topology.Binary, topology.Env = binary, e
	return &world{t, cluster.Start(t, topology)}
}

// dial returns how the i-th client connects. Clients are spread over the nodes.
func (w *world) dial(i int) client.Dial {
	return client.Dial{Addr: w.Nodes[i%len(w.Nodes)].Addr}
}

// as returns how the i-th client connects as a user.
func (w *world) as(i int, user, role string) client.Dial {
	d := w.dial(i)
	d.Token = client.Token(secret, client.Claim{Sub: user, Name: "Name of " + user, Role: role, ExpiresIn: time.Hour})
	return d
}

// inRoom joins another room than the global one.
func inRoom(d client.Dial, room string) client.Dial {
	d.Query = url.Values{"room": {room}}
	return d
}

// since resumes the room that d joins.
func since(d client.Dial, epoch string, seq uint64) client.Dial {
	room := d.Query.Get("room")
	d.Query = url.Values{"epoch": {epoch}, "since": {strconv.FormatUint(seq, 10)}}
	if room != "" {
		d.Query.Set("room", room)
	}
	return d
}

// open connects or fails the test.
func (w *world) open(d client.Dial) *client.Session {
	w.Helper()
	return w.watch(d, nil)
}

// enter connects and waits until the history has arrived.
func (w *world) enter(d client.Dial) *client.Session {
	w.Helper()
	s := w.open(d)
	w.await(s, ofType("message_history"))
	return s
}

// watch connects and calls observe with each frame.
func (w *world) watch(d client.Dial, observe func(client.Frame)) *client.Session {
	w.Helper()
	ctx, cancel := w.within()
	defer cancel()
	s, err := client.Open(ctx, d, observe)
	if err != nil {
		w.Fatalf("connect to %s: %v", d.Addr, err)
	}
	w.Cleanup(s.Close)
	return s
}

// refused returns the refusal of a connection.
func (w *world) refused(d client.Dial) *client.Refused {
	w.Helper()
	ctx, cancel := w.within()
	defer cancel()
	conn, err := d.Open(ctx)
	if err == nil {
		conn.Close()
		w.Fatal("the upgrade was not refused")
	}
	var refused *client.Refused
	if !errors.As(err, &refused) {
		w.Fatalf("the upgrade failed otherwise: %v", err)
	}
	return refused
}

func (w *world) within() (context.Context, context.CancelFunc) {
	return context.WithTimeout(w.Context(), waitTimeout)
}

func (w *world) send(s *client.Session, c client.Command) {
	w.Helper()
	if err := s.Send(c); err != nil {
		w.Fatal(err)
	}
}

// await waits for a frame that matches.
func (w *world) await(s *client.Session, match func(client.Frame) bool) client.Frame {
	w.Helper()
	ctx, cancel := w.within()
	defer cancel()
	f, err := s.Await(ctx, match)
	if err != nil {
		w.Fatal(err)
	}
	return f
}

// ask sends a command and waits for the frame with its id.
func (w *world) ask(s *client.Session, c client.Command) client.Frame {
	w.Helper()
	w.send(s, c)
	return w.await(s, func(f client.Frame) bool { return f.ID == c.ID })
}

// do sends a command and expects an ack.
func (w *world) do(s *client.Session, c client.Command) client.Frame {
	w.Helper()
	f := w.ask(s, c)
	if f.Type != "ack" {
		w.Fatalf("%s answered by %s, want an ack", c.Type, f.Raw)
	}
	return f
}

// say posts a message to the global room, under an id derived from its text, and returns the ack.
func (w *world) say(s *client.Session, text string) client.Frame {
	w.Helper()
	return w.do(s, client.Command{Type: "send_message", ID: strings.ReplaceAll(text, " ", "-"), Message: text})
}

// wantError sends a command and expects an error with the code.
func (w *world) wantError(s *client.Session, c client.Command, code string) {
	w.Helper()
	f := w.ask(s, c)
	if f.Type != "error" || f.Code != code || f.Error == "" || !f.Retry && f.RetryAfterMs != 0 {
		w.Errorf("%s answered by %s, want error %s", c.Type, f.Raw, code)
	}
}

// wantClose waits for the close frame of the server.
func (w *world) wantClose(s *client.Session, code int) *client.Closed {
	w.Helper()
	ctx, cancel := w.within()
	defer cancel()
	closed, err := s.AwaitClose(ctx)
	if err != nil {
		w.Fatal(err)
	}
	if closed.Code != code {
		w.Errorf("closed with %d %q, want %d", closed.Code, closed.Reason, code)
	}
	return closed
}

// alive checks that the session still answers.
func (w *world) alive(s *client.Session) {
	w.Helper()
	w.send(s, client.Command{Type: "ping", T: "alive"})
	w.await(s, func(f client.Frame) bool { return f.Type == "pong" && string(f.T) == `"alive"` })
}

// history reads the whole history of a room.
func (w *world) history(s *client.Session, room string) []client.Message {
	w.Helper()
	ctx, cancel := w.within()
	defer cancel()
	messages, err := s.History(ctx, room, 100)
	if err != nil {
		w.Fatal(err)
	}
	return messages
}

// settle waits until the global room of each node has reached seq. An ack only means that a message is stored.
func (w *world) settle(seq uint64) {
	w.Helper()
	for i := range w.Nodes {
		s := w.open(w.dial(i))
		if w.await(s, ofType("joined")).Seq < seq {
			w.await(s, func(f client.Frame) bool { return f.Room == global && f.Seq >= seq })
		}
		s.Close()
	}
}

// data decodes the data of a frame.
func data[T any](w *world, f client.Frame) T {
	w.Helper()
	v, err := client.Decode[T](f)
	if err != nil {
		w.Fatalf("data of %s: %v", f.Raw, err)
	}
	return v
}

func ofType(name string) func(client.Frame) bool {
	return func(f client.Frame) bool { return f.Type == name }
}

// showing matches the new message with the id.
func showing(messageID string) func(client.Frame) bool {
	return func(f client.Frame) bool {
		m, err := client.Decode[client.Message](f)
		return f.Type == "new_message" && err == nil && m.ID == messageID
	}
}
