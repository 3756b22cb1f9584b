package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/lxzan/gws"
)

// misdeed is what a fake node does wrong with one message.
type misdeed string

const (
	asPromised    misdeed = ""
	dropToOne     misdeed = "does not show it to one reader"
	dropToAll     misdeed = "acknowledges it and shows it to nobody"
	showTwice     misdeed = "shows it twice to one reader"
	swapWithNext  misdeed = "shows it after the next one to one reader"
	storeTwice    misdeed = "stores and shows it twice"
	neverAck      misdeed = "stores it and cuts the connection before the ack"
	neverAckTwice misdeed = "does so, and stores it again when it comes again"
	shutDown      misdeed = "shuts down after it: closes every connection in its slot"
	garble        misdeed = "sends half a frame"
)

// fakeNode is a chat node of one room that handles all messages correctly except one.
type fakeNode struct {
	gws.BuiltinEventHandler
	misdeed misdeed
	at      int // number of the message, from 1

	mu      sync.Mutex
	log     []string       // frames of new_message, by seq-1
	places  map[string]int // seq, by id
	members []*gws.Conn
	held    []byte // the frame that swapWithNext delays
	done    bool   // executes the misdeed
}

// startFake runs a fake node and returns its address.
func startFake(t *testing.T, m misdeed, at int) string {
	t.Helper()
	n := &fakeNode{misdeed: m, at: at, places: map[string]int{}}
	upgrader := gws.NewUpgrader(n, nil)
	var wg sync.WaitGroup
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		socket, err := upgrader.Upgrade(w, r)
		if err != nil {
			return // the client has disconnected
		}
		n.join(socket, r)
		wg.Go(socket.ReadLoop)
	}))
	t.Cleanup(func() {
		s.Close()
		n.mu.Lock()
		for _, c := range n.members {
			_ = c.NetConn().Close() // most are closed
		}
		n.mu.Unlock()
		wg.Wait()
	})
	return strings.TrimPrefix(s.URL, "http://")
}

// join sends the frames of a join, and resumes if the client asks for it.
func (n *fakeNode) join(socket *gws.Conn, r *http.Request) {
	n.mu.Lock()
	defer n.mu.Unlock()
	say(socket, `{"type":"connected","pingMs":100}`)
	if since := r.URL.Query().Get("since"); since != "" {
		from, err := strconv.Atoi(since)
		if err != nil {
			panic(err) // such a client is ignored
		}
		say(socket, `{"type":"joined","epoch":"e1","seq":%d,"recovered":true,"missed":%d}`, len(n.log), len(n.log)-from)
		for _, frame := range n.log[from:] {
			say(socket, "%s", frame)
		}
	} else {
		say(socket, `{"type":"joined","epoch":"e1","seq":%d,"recovered":false,"missed":0}`, len(n.log))
		say(socket, `{"type":"message_history","epoch":"e1","seq":%d,"data":[],"more":false}`, len(n.log))
	}
	n.members = append(n.members, socket)
}

// OnClose removes a member.
func (n *fakeNode) OnClose(socket *gws.Conn, _ error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for i, c := range n.members {
		if c == socket {
			n.members = append(n.members[:i:i], n.members[i+1:]...)
		}
	}
}

// OnMessage handles a command.
func (n *fakeNode) OnMessage(socket *gws.Conn, m *gws.Message) {
	var c struct{ Type, ID, Message string }
	err := json.Unmarshal(m.Bytes(), &c)
	_ = m.Close() // has no errors
	if err != nil || c.Type != "send_message" {
		return // a ping
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	seq, known := n.places[c.ID]
	if again := n.misdeed == neverAckTwice && seq == n.at; known && !again {
		say(socket, `{"type":"ack","id":%q,"seq":%d,"duplicate":true}`, c.ID, seq)
		return
	}
	do := asPromised
	if !n.done && len(n.log)+1 == n.at {
		n.done, do = true, n.misdeed
	}
	n.take(socket, do, c.ID, c.Message)
}

// take stores a message, shows it and acknowledges it, or executes the misdeed.
func (n *fakeNode) take(socket *gws.Conn, do misdeed, id, text string) {
	frame := n.store(id, text)
	victim := n.members[0]
	for _, c := range n.members {
		switch {
		case do == dropToAll, c == victim && do == dropToOne:
		case c == victim && do == swapWithNext:
			n.held = []byte(frame)
		default:
			say(c, "%s", frame)
			if c == victim && (do == showTwice || n.held != nil) {
				say(c, "%s", n.takeHeld(frame))
			}
		}
	}
	switch do {
	case asPromised, dropToOne, dropToAll, showTwice, swapWithNext:
	case storeTwice:
		n.take(socket, asPromised, id, text)
		return
	case neverAck, neverAckTwice:
		_ = socket.NetConn().Close() // like a crash
		return
	case shutDown:
		for _, c := range n.members {
			say(c, `{"type":"shutdown","reconnectAfterMs":20,"deadlineMs":1000}`)
			_ = c.WriteClose(1001, []byte("going away"))
		}
		return
	case garble:
		say(socket, `{"type":"pres`)
	}
	say(socket, `{"type":"ack","id":%q,"seq":%d}`, id, n.places[id])
}

// takeHeld returns the delayed frame, or f without one.
func (n *fakeNode) takeHeld(frame string) string {
	if n.held != nil {
		frame, n.held = string(n.held), nil
	}
	return frame
}

func (n *fakeNode) store(id, text string) (frame string) {
	seq := len(n.log) + 1
	frame = fmt.Sprintf(`{"type":"new_message","room":"r","seq":%d,"data":{"id":"m%d","message":%q}}`, seq, seq, text)
	n.log = append(n.log, frame)
	n.places[id] = seq
	return frame
}

func say(c *gws.Conn, format string, args ...any) {
	_ = c.WriteString(fmt.Sprintf(format, args...)) // clients that are away receive it when they return
}
