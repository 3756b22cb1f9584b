package e2e

import (
	"fmt"

	"chatnode/ops/e2e/client"
)

// A route chooses the node of each connection of a client.
type route func() int

// stay always chooses the i-th node.
func (w *world) stay(i int) route { return func() int { return i } }

// next chooses the next node for each connection.
func (w *world) next(i int) route { return func() int { i++; return i } }

// write starts a writer of the global room. It ends with the test.
func (w *world) write(name string, to route) *client.Writer {
	writer := client.Write(client.WriterOptions{Name: name, Room: global, Dial: func() client.Dial { return w.as(to(), name, "member") }})
	w.Cleanup(writer.Stop)
	return writer
}

// follow starts a reader of the global room. It ends with the test.
func (w *world) follow(name string, to route) *client.Reader {
	reader := client.Follow(client.ReaderOptions{Name: name, Room: global, Dial: func() client.Dial { return w.as(to(), name, "member") }})
	w.Cleanup(reader.Stop)
	return reader
}

// traffic starts writers and readers that go to the next node whenever they connect again.
func (w *world) traffic(writers, readers int) (writing []*client.Writer, reading []*client.Reader) {
	for i := range writers {
		writing = append(writing, w.write(fmt.Sprintf("writer-%d", i), w.next(i)))
	}
	for i := range readers {
		reading = append(reading, w.follow(fmt.Sprintf("reader-%d", i), w.next(i)))
	}
	return writing, reading
}

// progress waits until n more messages of each writer are acknowledged.
func (w *world) progress(writers []*client.Writer, n int) {
	w.Helper()
	ctx, cancel := w.within()
	defer cancel()
	for _, writer := range writers {
		if err := writer.Reach(ctx, writer.Count()+n); err != nil {
			w.Fatal(err)
		}
	}
}

// audit stops the writers and readers and compares what was acknowledged, stored and shown.
func (w *world) audit(writers []*client.Writer, readers []*client.Reader) *client.Report {
	w.Helper()
	ctx, cancel := w.within()
	defer cancel()
	var t client.Trial
	for _, writer := range writers {
		if err := writer.Finish(ctx); err != nil {
			w.Error(err)
		}
		t.Acked = append(t.Acked, writer.Acked()...)
	}
	s := w.enter(w.as(0, "auditor", "member"))
	joined := s.Seen()[1]
	end := client.Position{Epoch: joined.Epoch, Seq: joined.Seq}
	for _, a := range t.Acked {
		end.Seq = max(end.Seq, a.Seq)
	}
	w.settle(end.Seq)
	t.Epoch, t.History = end.Epoch, w.history(s, global)
	for _, r := range readers {
		if err := r.Reach(ctx, end); err != nil {
			w.Error(err)
		}
		r.Stop()
		t.Views = append(t.Views, r.View)
	}
	report := client.Audit(t)
	if err := report.Err(); err != nil {
		w.Error(err)
	}
	return report
}
