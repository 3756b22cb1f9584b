package rollout

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/url"
	"strconv"
	"sync"
	"time"

	"chatnode/ops/e2e/client"
)

// signOfLife is how often a follower says ping; a node cuts those that say nothing for PRESENCE_TIMEOUT (30 s).
const signOfLife = 10 * time.Second

// A follower is a client as it should be: it follows one room, resumes where it was, and comes back
// in the slot that it was given. Frames are read and let go, so it may follow for hours.
type follower struct {
	name     string
	dial     client.Dial
	view     *client.View
	presence *presence

	cancel context.CancelFunc
	wg     sync.WaitGroup

	mu       sync.Mutex
	connects []time.Time // when each connection was made
	failures []string    // tries that failed, and ends without a close frame
}

func follow(name string, dial client.Dial, p *presence) *follower {
	ctx, cancel := context.WithCancel(context.Background())
	f := &follower{name: name, dial: dial, view: client.NewView(room), presence: p, cancel: cancel}
	f.wg.Go(func() {
		for ctx.Err() == nil {
			rest(ctx, f.visit(ctx))
		}
	})
	return f
}

// visit connects, follows until the connection ends, and returns how long to stay away.
func (f *follower) visit(ctx context.Context) time.Duration {
	away := 20*time.Millisecond + rand.N(20*time.Millisecond)
	conn, err := f.resume().Open(ctx)
	if err != nil {
		f.failed(ctx, err)
		return away
	}
	defer context.AfterFunc(ctx, conn.Close)()
	defer conn.Close()
	f.connected()
	alive, stop := context.WithCancel(ctx)
	defer stop()
	f.wg.Go(func() { ping(alive, conn) })
	for {
		frame, err := read(conn)
		if err != nil {
			f.failed(ctx, unlessGoingAway(err))
			return away
		}
		f.view.Feed(frame)
		switch frame.Type {
		case "presence":
			f.presence.told(f.name, frame)
		case "shutdown":
			away = time.Duration(frame.ReconnectAfterMs) * time.Millisecond
		case "resync":
			_ = send(conn, client.Command{Type: "join", Room: room}) // a dead connection is read next
		}
	}
}

// resume is how to connect to where the view has got.
func (f *follower) resume() client.Dial {
	d := f.dial
	d.Query = url.Values{"room": {room}}
	if p, ok := f.view.Position(); ok {
		d.Query.Set("epoch", p.Epoch)
		d.Query.Set("since", strconv.FormatUint(p.Seq, 10))
	}
	return d
}

func (f *follower) connected() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.connects = append(f.connects, time.Now())
}

// failed notes what should not happen to a client whose node is replaced. The end of the test is not that.
func (f *follower) failed(ctx context.Context, err error) {
	if err == nil || ctx.Err() != nil {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.failures = append(f.failures, fmt.Sprintf("%s: %v", f.name, err))
}

func (f *follower) seen() (connects []time.Time, failures []string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]time.Time(nil), f.connects...), append([]string(nil), f.failures...)
}

func (f *follower) stop() {
	f.cancel()
	f.wg.Wait()
}

// ping shows signs of life until ctx ends.
func ping(ctx context.Context, conn *client.Conn) {
	tick := time.NewTicker(signOfLife)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			_ = send(conn, client.Command{Type: "ping"}) // whoever reads sees that it is dead
		case <-ctx.Done():
			return
		}
	}
}

func read(conn *client.Conn) (client.Frame, error) {
	text, err := conn.Read()
	if err != nil {
		return client.Frame{}, err
	}
	f := client.Frame{Raw: string(text)}
	if err := json.Unmarshal(text, &f); err != nil {
		return f, fmt.Errorf("frame %q: %w", text, err)
	}
	return f, nil
}

func send(conn *client.Conn, c client.Command) error {
	text, err := json.Marshal(c)
	if err != nil {
		return fmt.Errorf("marshal %s: %w", c.Type, err)
	}
	return conn.Write(text)
}

func rest(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
	}
}
