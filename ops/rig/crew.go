package rig

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// holdFor is longer than any load: who holds is told when to end.
const holdFor = time.Hour

// A crew is the loadtest processes of one load. They share rooms.
type crew struct {
	load    *Load
	prefix  string // of the rooms
	holders []*loadtest
	sender  *loadtest
}

// hold starts the processes that only hold connections, and waits until all have joined.
func (c *crew) hold(ctx context.Context) error {
	for i, n := range c.load.holders() {
		h, err := startLoadtest(ctx, c.load.Dir, c.load.Program, c.args(i, n, 0, holdFor), func() {})
		if err != nil {
			return err
		}
		c.holders = append(c.holders, h)
	}
	for _, h := range c.holders {
		if err := h.isJoined(); err != nil {
			return err
		}
	}
	return nil
}

// send runs the process that sends, to its end.
func (c *crew) send(ctx context.Context, w *watch) (Report, error) {
	l := c.load
	args := append(c.args(len(c.holders), l.senders(), l.Rate, l.Duration), "-outstanding", strconv.Itoa(l.Outstanding), "-silent", strconv.Itoa(l.Silent))
	begun := l.Begun
	s, err := startLoadtest(ctx, l.Dir, l.Program, args, func() {
		w.take()
		if begun != nil {
			begun()
		}
		begun = nil
	})
	if err != nil {
		return Report{}, err
	}
	c.sender = s
	joinErr := s.isJoined()
	r, err := s.report()
	return r, errors.Join(joinErr, err)
}

// finish ends those that hold, and says whether all of them found everything in order, and what the
// whole crew has used.
func (c *crew) finish() (ok bool, used time.Duration, err error) {
	ok, used = true, c.sender.used()
	for len(c.holders) > 0 {
		h := c.holders[0]
		c.holders = c.holders[1:]
		if err := h.end(); err != nil {
			return false, 0, err
		}
		r, err := h.report()
		if err != nil {
			return false, 0, err
		}
		ok = ok && r.OK
		used += h.used()
	}
	return ok, used, nil
}

// dismiss ends those that hold where the load has failed.
func (c *crew) dismiss() {
	for _, h := range c.holders {
		_ = h.end()       // it may have ended itself
		_, _ = h.report() // nobody wants it any more
	}
}

// args is the command line of process i.
func (c *crew) args(i, connections int, rate float64, d time.Duration) []string {
	l := c.load
	return []string{
		"-addr", strings.Join(l.Addrs, ","), "-room-prefix", c.prefix, "-sources", sources(i),
		"-n", strconv.Itoa(connections), "-rooms", strconv.Itoa(l.Rooms), "-size", strconv.Itoa(l.Size),
		"-rate", strconv.FormatFloat(rate, 'f', -1, 64), "-duration", d.String(),
		"-connect-rate", strconv.FormatFloat(l.ConnectRate, 'f', -1, 64),
	}
}

// sources gives process i addresses of its own: one has some 28,000 ports for each node, and those of
// the load before it may still be taken.
func sources(i int) string { return fmt.Sprintf("127.0.%d.1-127.0.%d.4", i+1, i+1) }
