package e2e

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"chatnode/ops/e2e/client"
)

var slowScenarios = []scenario{
	{"a client that does not read is cut off with 1013, others go on, and it resumes", withTokens("OUTBOX_BYTES", "65536"), slowConsumer},
}

// The flood is sent while the client does not read. Its 650 messages of 7.6 KB are 4.9 MB, more than the 4 MiB to which
// Linux lets a send buffer grow. It ends before the node stops waiting for the close frame.
const (
	floodMessages = 650
	floodWindow   = 32 // messages in flight
)

func slowConsumer(w *world) {
	d := w.as(0, "slow", "member")
	ctx, cancel := w.within()
	defer cancel()
	conn, err := d.Open(ctx)
	if err != nil {
		w.Fatal(err)
	}
	defer conn.Close()
	view := client.NewView("the slow reader", global)
	if err := drain(conn, view, func(f client.Frame) bool { return f.Type == "message_history" }); err != nil {
		w.Fatal(err)
	}
	reader := w.follow("quick", w.stay(1))
	began := time.Now()
	last := w.flood(w.enter(w.as(2, "writer", "member")))
	if err := reader.Reach(ctx, client.Position{Seq: last}); err != nil {
		w.Fatalf("others do not go on: %v", err)
	}
	w.Logf("%d messages shown to the quick reader in %v", floodMessages, time.Since(began).Round(time.Millisecond))
	reloads, _, _ := reader.View.Repairs()
	if err := reader.View.Err(); err != nil || reloads != 1 {
		w.Errorf("the quick reader: %v, %d reloads", err, reloads)
	}

	if err := conn.Deadline(time.Now().Add(waitTimeout)); err != nil {
		w.Fatal(err)
	}
	var closed *client.Closed
	if err := drain(conn, view, func(client.Frame) bool { return false }); !errors.As(err, &closed) || closed.Code != 1013 {
		w.Errorf("the slow reader: %v, want a close with 1013", err)
	}
	at, _ := view.LastPosition()
	if at.Seq >= last {
		w.Errorf("the slow reader has all %d messages", last)
	}
	again := w.watch(since(w.as(0, "slow", "member"), at.Epoch, at.Seq), view.Feed)
	end := w.say(again, "back")
	w.await(again, func(f client.Frame) bool { return f.Type == "new_message" && f.Seq == end.Seq })
	if err := view.Err(); err != nil {
		w.Errorf("the slow reader, resumed: %v", err)
	}
}

// drain feeds frames to the view until one that stop accepts, or the end of the connection.
func drain(conn *client.Conn, view *client.View, stop func(client.Frame) bool) error {
	for {
		f, err := conn.ReadFrame()
		if err != nil {
			return err
		}
		if view.Feed(f); stop(f) {
			return nil
		}
	}
}

// flood posts long messages, floodWindow at a time, and returns the seq of the last one.
func (w *world) flood(s *client.Session) (last uint64) {
	w.Helper()
	text := strings.Repeat("👋", 1900) // four bytes each
	for i := range floodMessages + floodWindow {
		if i < floodMessages {
			w.send(s, client.Command{Type: "send_message", ID: fmt.Sprintf("flood-%d", i), Message: fmt.Sprintf("%d %s", i, text)})
		}
		if done := i - floodWindow; done >= 0 {
			ack := w.await(s, func(f client.Frame) bool { return f.ID == fmt.Sprintf("flood-%d", done) })
			if ack.Type != "ack" {
				w.Fatalf("flood answered by %s", ack.Raw)
			}
			last = ack.Seq
		}
	}
	return last
}
