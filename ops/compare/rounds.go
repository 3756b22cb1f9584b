package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"chatnode/ops/rig"
)

// A match is all rounds.
type match struct {
	options  *options
	programs programs
	dir      string // for what the programs write
	log      io.Writer
	keep     func(Row) error
}

// run gives every system its turn in every round: what the machine does otherwise meets all of them.
func (m *match) run(ctx context.Context) error {
	for round := range m.options.rounds {
		for _, name := range m.options.systems {
			if err := m.turn(ctx, name, round+1); err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
		}
	}
	return nil
}

// turn starts a system, puts every load on it, and stops it.
func (m *match) turn(ctx context.Context, name string, round int) (err error) {
	s, err := start(ctx, m.dir, m.programs, name, m.options)
	defer func() { err = errors.Join(err, s.group.Stop()) }()
	if err != nil {
		return err
	}
	if m.options.idle > 0 {
		l := m.load(s, 0)
		l.Duration = m.options.idle
		if err := m.put(ctx, s, name, round, l); err != nil {
			return err
		}
	}
	for _, rate := range m.options.rates {
		if m.options.silent > 0 {
			err = m.silence(ctx, s, name, round, rate)
		} else {
			err = m.put(ctx, s, name, round, m.load(s, rate))
		}
		if err != nil {
			return err
		}
	}
	for _, n := range m.options.outstanding {
		if err := m.appends(ctx, s, round, n); err != nil {
			return err
		}
	}
	return nil
}

func (m *match) load(s *system, rate float64) *rig.Load {
	o := m.options
	return &rig.Load{
		Program: m.programs.loadtest, Dir: m.dir, Addrs: s.addrs(), Connections: o.connections, Rooms: o.rooms,
		Rate: rate, Duration: o.duration, Size: o.size, ConnectRate: o.connectRate,
	}
}

// put puts one load on a system and keeps its row.
func (m *match) put(ctx context.Context, s *system, name string, round int, l *rig.Load) error {
	silent := ""
	if l.Silent > 0 {
		silent = fmt.Sprintf(", %d silent", l.Silent)
	}
	fmt.Fprintf(m.log, "round %d of %d: %s at %g msg/s%s\n", round, m.options.rounds, name, l.Rate, silent)
	p := m.profile(ctx, s, l, round)
	o, err := l.Run(ctx, s.watched()...)
	if err != nil {
		return err
	}
	r := row(name, round, l, o, len(s.servers))
	if r.Shares, err = p.shares(ctx); err != nil {
		return err
	}
	return m.keep(r)
}
