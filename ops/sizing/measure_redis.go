package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"chatnode/actors/chat"
	"chatnode/ops/rig"
	"chatnode/transport/redisbus"

	"github.com/redis/go-redis/v9"
)

// The costs of Redis are measured through the same package that a node talks to it by, without nodes.
const (
	workFor     = 1500 * time.Millisecond // of each kind of work
	logRooms    = 50
	listeners   = 20
	fewInstance = 50
	allInstance = 500
	manyUsers   = 1000
)

// A redisTable is a Redis on which work is measured.
type redisTable struct {
	program *rig.Program
	client  *redis.Client
	serial  int
	closers []func() error
}

// measureRedis fills in what Redis costs.
func (b *bench) measureRedis(ctx context.Context, k *Coefficients) (err error) {
	b.say("Redis alone")
	var group rig.Group
	defer func() { err = errors.Join(err, group.Stop()) }()
	p, err := group.StartRedis(ctx, b.dir)
	if err != nil {
		return err
	}
	t := &redisTable{program: p, client: redis.NewClient(&redis.Options{Addr: p.Addr, DisableIdentity: true})}
	defer func() {
		for i := len(t.closers) - 1; i >= 0; i-- {
			err = errors.Join(err, t.closers[i]())
		}
		err = errors.Join(err, t.client.Close())
	}()
	if err := t.appends(ctx, k); err != nil {
		return err
	}
	if err := t.presence(ctx, k); err != nil {
		return err
	}
	return t.beats(ctx, k)
}

// cost is the processor time of Redis for one unit of a work that does so many units at a time.
func (t *redisTable) cost(units int, work func() error) (float64, error) {
	before, err := rig.Of(t.program)
	if err != nil {
		return 0, err
	}
	n := 0
	for end := time.Now().Add(workFor); time.Now().Before(end); n += units {
		if err := work(); err != nil {
			return 0, err
		}
	}
	after, err := rig.Of(t.program)
	return float64((after.CPU - before.CPU).Microseconds()) / float64(n), err
}

// appends measures messages one by one, many at once, and one by one with listeners.
func (t *redisTable) appends(ctx context.Context, k *Coefficients) error {
	e, err := t.engine("appender")
	if err != nil {
		return err
	}
	a := e.Appender()
	t.closers = append(t.closers, a.Close)
	write := func(n int) func() error {
		return func() error {
			_, err := a.Append(ctx, t.batch(n))
			return err
		}
	}
	one, err := t.cost(1, write(1))
	if err != nil {
		return err
	}
	many, err := t.cost(100, write(100))
	if err != nil {
		return err
	}
	k.RedisAppend, k.RedisBatched = one, many
	if err := t.memoryOfLogs(ctx, k); err != nil {
		return err
	}
	if err := t.listen(ctx); err != nil {
		return err
	}
	first := t.serial
	sent, err := t.info(ctx, "total_net_output_bytes")
	if err != nil {
		return err
	}
	heard, err := t.cost(1, write(1))
	if err != nil {
		return err
	}
	after, err := t.info(ctx, "total_net_output_bytes")
	k.RedisHear = (heard - one) / listeners
	k.RedisEnvelope = (after-sent)/float64(t.serial-first)/listeners - textBytes
	return err
}

// batch is n messages for rooms in turn.
func (t *redisTable) batch(n int) []chat.Write {
	batch := make([]chat.Write, n)
	for i := range batch {
		t.serial++
		id := strconv.Itoa(t.serial)
		batch[i] = chat.Write{
			Room: "room-" + strconv.Itoa(t.serial%logRooms), Kind: chat.EntryMessage, ID: id + "-0123456789ab", Key: "user-" + id,
			Text: strings.Repeat(".", textBytes), Author: chat.Author{ID: "guest-0123456789abcdef", Name: "Guest 0123"},
		}
	}
	return batch
}

// listen subscribes nodes to all rooms.
func (t *redisTable) listen(ctx context.Context) error {
	rooms := make([]string, logRooms)
	for i := range rooms {
		rooms[i] = "room-" + strconv.Itoa(i)
	}
	for i := range listeners {
		e, err := t.engine("listener-" + strconv.Itoa(i))
		if err != nil {
			return err
		}
		s := e.Subscriber()
		t.closers = append(t.closers, s.Close)
		if err := s.Open(ctx, func(chat.Event) {}); err != nil {
			return err
		}
		if err := s.Subscribe(ctx, rooms...); err != nil {
			return err
		}
	}
	return nil
}

// presence measures calls about one user each, and one about many.
func (t *redisTable) presence(ctx context.Context, k *Coefficients) error {
	e, err := t.engine("present")
	if err != nil {
		return err
	}
	s := e.Store()
	t.closers = append(t.closers, s.Close)
	apply := func(rooms, users int) func() error {
		changes := make([]chat.PresenceChange, rooms)
		for i := range changes {
			changes[i].Room = fmt.Sprintf("presence-%d-%d", users, i)
			for u := range users {
				changes[i].Present = append(changes[i].Present, chat.PresentUser{UserID: fmt.Sprintf("guest-%016d", u), Role: "guest"})
			}
		}
		return func() error {
			_, err := s.Apply(ctx, changes)
			return err
		}
	}
	one, err := t.cost(100, apply(100, 1))
	if err != nil {
		return err
	}
	before, err := t.info(ctx, "used_memory")
	if err != nil {
		return err
	}
	many, err := t.cost(10, apply(10, manyUsers))
	if err != nil {
		return err
	}
	after, err := t.info(ctx, "used_memory")
	k.RedisUser = (after - before) / (10 * manyUsers)
	k.RedisLease = (many - one) / (manyUsers - 1)
	k.RedisPresence = one - k.RedisLease
	return err
}

// beats measures heartbeats among few instances and among many.
func (t *redisTable) beats(ctx context.Context, k *Coefficients) error {
	var stores []*redisbus.Store
	next := 0
	beat := func() error {
		next = (next + 1) % len(stores)
		_, err := stores[next].Heartbeat(ctx, 10_000)
		return err
	}
	grow := func(to int) (float64, error) {
		for i := len(stores); i < to; i++ {
			e, err := t.engine("instance-" + strconv.Itoa(i))
			if err != nil {
				return 0, err
			}
			stores = append(stores, e.Store())
			t.closers = append(t.closers, stores[i].Close)
			if err := errors.Join(beat(), beat()); err != nil {
				return 0, err
			}
		}
		for range stores { // all are listed before the first counts
			if err := beat(); err != nil {
				return 0, err
			}
		}
		return t.cost(1, beat)
	}
	few, err := grow(fewInstance)
	if err != nil {
		return err
	}
	all, err := grow(allInstance)
	k.RedisBeatInstance = (all - few) / (allInstance - fewInstance)
	k.RedisBeat = max(0, few-fewInstance*k.RedisBeatInstance)
	return err
}
