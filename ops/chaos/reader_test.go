package chaos

import (
	"context"
	"net/url"
	"strconv"
	"time"

	"chatnode/ops/e2e/client"
)

// A reader follows the room through every lost connection. A resync makes it load the room anew.
type reader struct {
	witness *witness
	dial    []client.Dial // its one node, or all of them, in turn
	heard   func(client.Frame)
	hop     time.Duration // it leaves every node after so long; 0: it stays
	cancel  context.CancelFunc
	done    chan struct{}
}

// startReader starts a reader. heard, where not nil, is shown every frame that is not about a room.
func startReader(name, room string, dial []client.Dial, hop time.Duration, heard func(client.Frame)) *reader {
	ctx, cancel := context.WithCancel(context.Background())
	r := &reader{witness: newWitness(name, room), dial: dial, hop: hop, heard: heard, cancel: cancel, done: make(chan struct{})}
	go func() {
		defer close(r.done)
		for n := 0; ctx.Err() == nil; n++ {
			r.visit(ctx, dial[n%len(dial)])
			rest(ctx)
		}
	}()
	return r
}

// visit connects, resumes, and stays until the connection or ctx ends.
func (r *reader) visit(ctx context.Context, d client.Dial) {
	d.Query = url.Values{"room": {r.witness.room}}
	if p, ok := r.witness.position(); ok {
		d.Query.Set("epoch", p.Epoch)
		d.Query.Set("since", strconv.FormatUint(p.Seq, 10))
	}
	l, err := listen(ctx, d, nil)
	if err != nil {
		return // the node is down; the next try may find it up
	}
	defer l.close()
	r.witness.connected()
	leave := after(r.hop)
	for {
		select {
		case f, ok := <-l.frames:
			if !ok || !r.take(l, f) {
				return
			}
		case <-leave:
			return
		case <-ctx.Done():
			return
		}
	}
}

func (r *reader) take(l *listener, f client.Frame) bool {
	if f.Room == "" && r.heard != nil {
		r.heard(f)
	}
	r.witness.feed(f)
	if f.Type == "resync" && f.Room == r.witness.room {
		return l.send(client.Command{Type: "join", Room: r.witness.room}) == nil
	}
	return true
}

// stop ends the reader and waits for its end. It may be called more than once.
func (r *reader) stop() {
	r.cancel()
	<-r.done
}
