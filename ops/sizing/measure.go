package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"chatnode/ops/rig"
)

// The runs that tell the costs of a node apart. Rates are low enough for two cores to carry everything,
// load tester included: on a saturated machine writes grow large, and hide what they cost.
const (
	idleFor    = 10 * time.Second
	manyNodes  = 4
	textBytes  = 128
	clientPing = 15.0 // s: how often ops/loadtest pings at the default PING_INTERVAL
	flushEvery = 100 * time.Millisecond
)

// measure fills in all coefficients. Each run isolates one thing more than those before it.
func (b *bench) measure(ctx context.Context) (*Coefficients, error) {
	k := &Coefficients{NodePing: clientPing}
	if err := b.measureRedis(ctx, k); err != nil {
		return nil, err
	}
	var m messages
	var err error
	if m.apart, m.apartBusy, err = b.several(ctx, k); err != nil {
		return nil, err
	}
	if err := b.single(ctx, k, &m); err != nil {
		return nil, err
	}
	if m.gathered, m.batch, err = b.gathering(ctx, k); err != nil {
		return nil, err
	}
	m.solve(k)
	return k, nil
}

// The members of the rooms of the runs, and the messages a second in them.
const (
	fewMembers      = manyNodes // one on each node, or all on the only one
	hugeMembers     = 1000
	gatheredMembers = 500
	quietRate       = 50
)

// messages are what a message costs the nodes together, by run. A is node.append, H node.heard, S what
// they make together on one node, each at the rate in brackets; W is node.write, F node.frame.
type messages struct {
	apart     float64 // 400 msg/s in rooms of 4 with a member on each of 4 nodes:  A(few) + 4 H(few)  + 4 (W + F)
	apartBusy float64 // 1,600 likewise:                                            A(few) + 4 H(many) + 4 (W + F)
	quiet     float64 // 50 in such rooms on one node:                              S(50) + 4 (W + F)
	few       float64 // 400 likewise:                                              A(few) + H(few) + 4 (W + F)
	many      float64 // 4,000 likewise:                                            A(many) + H(many) + 4 (W + F)
	huge      float64 // 50 in a room of 1,000:                                     S(50) + 1,000 (W + F)
	gathered  float64 // 400 in a room of 500, batch of them in one write:          A(few) + H(few) + 500 (W / batch + F)
	batch     float64
}

// solve gets the costs of each piece from them.
func (m *messages) solve(k *Coefficients) {
	delivery := (m.huge - m.quiet) / (hugeMembers - fewMembers)
	together := m.few - fewMembers*delivery // A + H, few
	k.NodeWrite = (delivery - (m.gathered-together)/gatheredMembers) / (1 - 1/m.batch)
	k.NodeFrame = max(0, delivery-k.NodeWrite)
	k.NodeHeard = max(0, (m.apart-m.few)/(manyNodes-1))
	k.NodeAppend = max(0, together-k.NodeHeard)
	k.HeardBusy = max(0, (m.apartBusy-fewMembers*delivery-k.NodeAppend)/manyNodes)
	k.AppendBusy = max(0, m.many-fewMembers*delivery-k.HeardBusy)
}

// several is what four nodes cost when they do nothing, and a message between them, at two rates.
func (b *bench) several(ctx context.Context, k *Coefficients) (apart, apartBusy float64, err error) {
	s, err := b.start(ctx, manyNodes)
	defer func() { err = errors.Join(err, s.group.Stop()) }()
	if err != nil {
		return 0, 0, err
	}
	b.say("four nodes, idle")
	rest(ctx, 3*time.Second)
	from, err := sample(s)
	if err != nil {
		return 0, 0, err
	}
	rest(ctx, idleFor)
	to, err := sample(s)
	if err != nil {
		return 0, 0, err
	}
	idle := s.between(from, to)
	k.NodeIdle, k.RedisIdle, k.NodeBase = idle.node/manyNodes, idle.redis/manyNodes, idle.nodeMemory/manyNodes
	b.say("four nodes, rooms of 4")
	if apart, err = b.perMessage(ctx, s, k, small(few)); err != nil {
		return 0, 0, err
	}
	apartBusy, err = b.perMessage(ctx, s, k, small(manyHeard))
	return apart, apartBusy, err
}

// small is rooms of 4.
func small(rate float64) *rig.Load {
	return &rig.Load{Connections: 400, Rooms: 400 / fewMembers, Rate: rate}
}

// single is the same rooms on one node, a huge one, and many connections.
func (b *bench) single(ctx context.Context, k *Coefficients, m *messages) (err error) {
	s, err := b.start(ctx, 1)
	defer func() { err = errors.Join(err, s.group.Stop()) }()
	if err != nil {
		return err
	}
	b.say("one node, many open connections")
	if err := b.open(ctx, s, k); err != nil {
		return err
	}
	for _, run := range []struct {
		what string
		load *rig.Load
		cost *float64
	}{
		{"one node, rooms of 4, hardly any messages", small(quietRate), &m.quiet},
		{"one node, rooms of 4, few messages", small(few), &m.few},
		{"one node, rooms of 4, many messages", small(manyTaken), &m.many},
		{"one node, a room of 1,000", &rig.Load{Connections: hugeMembers, Rooms: 1, Rate: quietRate}, &m.huge},
	} {
		b.say(run.what)
		if *run.cost, err = b.perMessage(ctx, s, k, run.load); err != nil {
			return err
		}
	}
	return nil
}

// open is what connections cost that only stay.
func (b *bench) open(ctx context.Context, s *site, k *Coefficients) error {
	const connections, senders = 11_000, 1000
	l := &rig.Load{Connections: connections, Senders: senders, Rooms: senders, Calm: 3 * time.Second, Settle: 20 * time.Second, Duration: time.Second}
	o, err := b.put(ctx, s, l)
	if err != nil {
		return err
	}
	const held = connections - senders
	joining, quiet := s.between(o.Before, o.Quiet[0]), s.between(o.Quiet[0], o.Quiet[1])
	k.NodeConn = max(0, quiet.node-k.NodeIdle) / held
	k.NodeConnect = joining.node * joining.seconds / held
	k.NodeMemory = (quiet.nodeMemory - float64(o.Before.Total(0).Memory)) / held
	return nil
}

// gathering is a huge room on a node that lets messages gather, and how many did.
func (b *bench) gathering(ctx context.Context, k *Coefficients) (perMessage, batch float64, err error) {
	s, err := b.start(ctx, 1, "FLUSH_INTERVAL="+flushEvery.String())
	defer func() { err = errors.Join(err, s.group.Stop()) }()
	if err != nil {
		return 0, 0, err
	}
	b.say("one node, a room of 500, messages gathered")
	l := &rig.Load{Connections: gatheredMembers, Rooms: 1, Rate: few}
	before, err := s.figure(ctx, "chatnode_socket_writes_total")
	if err != nil {
		return 0, 0, err
	}
	if perMessage, err = b.perMessage(ctx, s, k, l); err != nil {
		return 0, 0, err
	}
	after, err := s.figure(ctx, "chatnode_socket_writes_total")
	if err != nil {
		return 0, 0, err
	}
	sent := l.Rate * l.Duration.Seconds()
	writes := after - before - sent - 4*gatheredMembers // without acks, greetings, and the first news of who is here
	return perMessage, sent * gatheredMembers / writes, nil
}

// perMessage is what a message costs the nodes together, beyond what idle nodes and open connections do.
func (b *bench) perMessage(ctx context.Context, s *site, k *Coefficients, l *rig.Load) (float64, error) {
	l.Duration = 10 * time.Second
	o, err := b.put(ctx, s, l)
	if err != nil {
		return 0, err
	}
	from, sending := o.Steady(l)
	used := s.between(from, o.End)
	rest := float64(len(s.nodes))*k.NodeIdle + float64(l.Connections)*k.NodeConn
	return (used.node - rest) * used.seconds / (sending * l.Rate), nil
}

// put puts a load on a cluster. It must find everything in order.
func (b *bench) put(ctx context.Context, s *site, l *rig.Load) (*rig.Outcome, error) {
	l.Program, l.Dir, l.Addrs, l.Size = b.loadtest, b.dir, s.addrs(), textBytes
	if l.ConnectRate == 0 {
		l.ConnectRate = 5000
	}
	o, err := l.Run(ctx, s.watched()...)
	if err == nil && !o.OK {
		err = fmt.Errorf("the loadtest found faults: %v", o.Report.Faults)
	}
	return o, err
}

func (b *bench) say(what string) { fmt.Fprintln(b.log, what) }

// sample is what the programs of a cluster have used so far.
func sample(s *site) (rig.Sample, error) {
	out := rig.Sample{At: time.Now()}
	for _, p := range s.watched() {
		u, err := rig.Of(p)
		if err != nil {
			return out, err
		}
		out.Usage = append(out.Usage, u)
	}
	return out, nil
}

func rest(ctx context.Context, d time.Duration) {
	select {
	case <-time.After(d):
	case <-ctx.Done():
	}
}
