package main

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"chatnode/actors/chat"
	"chatnode/transport/redisbus"

	"github.com/rs/zerolog"
)

const (
	workTime      = 1500 * time.Millisecond // of each kind of work
	logRooms      = 50
	subscribers   = 20
	fewInstances  = 50
	manyInstances = 500
	manyUsers     = 1000
	presenceRooms = 10
)

// redisBench measures a Redis with the package that nodes use.
type redisBench struct {
	*bench
	serial  int // of the last message
	closers []func() error
}

// measureRedis measures a Redis without nodes.
func (b *bench) measureRedis() {
	b.StartRedis()
	if b.Err() != nil {
		return
	}
	r := &redisBench{bench: b}
	r.measureAppends()
	r.measurePresence()
	r.measureHeartbeats()
	for _, c := range r.closers {
		b.Fail(c())
	}
	b.Stop()
}

// engine returns a node's connection to Redis.
func (r *redisBench) engine(instance string) *redisbus.Engine {
	e, err := redisbus.New(redisbus.Options{
		URL: "redis://" + r.Redis.Addr, InstanceID: instance, Incarnation: "measured", Log: zerolog.Nop(),
	})
	r.Fail(err)
	return e
}

// cost returns the processor time of Redis for one unit of work. Each call of work does the given number of units.
func (r *redisBench) cost(units int, work func() error) float64 {
	from, n := r.Measure(), 0
	for end := time.Now().Add(workTime); time.Now().Before(end) && r.Err() == nil; n += units {
		r.Fail(work())
	}
	return r.Measure().Since(from).Redis / float64(n)
}

// measureAppends measures single messages, batches, and single messages with subscribers.
func (r *redisBench) measureAppends() {
	a := r.engine("appender").NewAppender()
	r.closers = append(r.closers, a.Close)
	write := func(n int) func() error {
		return func() error {
			_, err := a.Append(r.Ctx, r.batch(n))
			return err
		}
	}
	r.k.RedisAppend, r.k.RedisBatched = r.cost(1, write(1)), r.cost(100, write(100))
	r.k.RedisEntry = r.memory("chat:log:*", "XLEN") - textBytes
	r.k.RedisKey = r.memory("chat:idem:*", "HLEN")
	var rooms []string
	for i := range logRooms {
		rooms = append(rooms, "room-"+strconv.Itoa(i))
	}
	for i := range subscribers {
		s := r.engine("subscriber-" + strconv.Itoa(i)).NewSubscriber()
		r.closers = append(r.closers, s.Close)
		r.Fail(errors.Join(s.Open(r.Ctx, func(chat.Event) {}), s.Subscribe(r.Ctx, rooms...)))
	}
	first, before := r.serial, r.Counters()
	r.k.RedisPublish = (r.cost(1, write(1)) - r.k.RedisAppend) / subscribers
	output := rise(before, r.Counters(), "total_net_output_bytes")
	r.k.RedisEnvelope = output/float64(r.serial-first)/subscribers - textBytes
}

func rise(before, after map[string]float64, counter string) float64 {
	return after[counter] - before[counter]
}

// batch returns n messages to the rooms in turn.
func (r *redisBench) batch(n int) []chat.Write {
	batch := make([]chat.Write, n)
	for i := range batch {
		r.serial++
		id := strconv.Itoa(r.serial)
		batch[i] = chat.Write{
			Room: "room-" + strconv.Itoa(r.serial%logRooms), Kind: chat.EntryMessage, ID: id + "-0123456789ab", Key: "user-" + id,
			Text: strings.Repeat(".", textBytes), Author: chat.Author{ID: "guest-0123456789abcdef", Name: "Guest 0123"},
		}
	}
	return batch
}

// memory returns the bytes per element of all keys that match a pattern. length is the command that counts elements.
func (r *redisBench) memory(pattern, length string) float64 {
	bytes, elements := 0.0, 0.0
	keys := r.Client.Scan(r.Ctx, 0, pattern, 1000).Iterator()
	for keys.Next(r.Ctx) && r.Err() == nil {
		b, err := r.Client.MemoryUsage(r.Ctx, keys.Val()).Result()
		n, lengthErr := r.Client.Do(r.Ctx, length, keys.Val()).Int()
		r.Fail(errors.Join(err, lengthErr))
		bytes, elements = bytes+float64(b), elements+float64(n)
	}
	r.Fail(keys.Err())
	return bytes / elements
}

// measurePresence measures calls with one user per room, and with many.
func (r *redisBench) measurePresence() {
	s := r.engine("present").NewStore()
	r.closers = append(r.closers, s.Close)
	apply := func(rooms, users int) func() error {
		changes := make([]chat.PresenceChange, rooms)
		for i := range changes {
			changes[i].Room = fmt.Sprintf("presence-%d-%d", users, i)
			for u := range users {
				changes[i].Present = append(changes[i].Present, chat.PresentUser{UserID: fmt.Sprintf("guest-%016d", u), Role: "guest"})
			}
		}
		return func() error {
			_, err := s.Apply(r.Ctx, changes)
			return err
		}
	}
	one := r.cost(100, apply(100, 1))
	before := r.Counters()
	many := r.cost(presenceRooms, apply(presenceRooms, manyUsers))
	r.k.RedisUser = rise(before, r.Counters(), "used_memory") / (presenceRooms * manyUsers)
	r.k.RedisLease = (many - one) / (manyUsers - 1)
	r.k.RedisPresence = one - r.k.RedisLease
}

// measureHeartbeats measures heartbeats among few instances and among many.
func (r *redisBench) measureHeartbeats() {
	var stores []*redisbus.Store
	next := 0
	beat := func() error {
		next = (next + 1) % len(stores)
		_, err := stores[next].Heartbeat(r.Ctx, 10_000)
		return err
	}
	among := func(instances int) float64 {
		for i := len(stores); i < instances; i++ {
			s := r.engine("instance-" + strconv.Itoa(i)).NewStore()
			stores, r.closers = append(stores, s), append(r.closers, s.Close)
		}
		for range 2 * instances { // all are registered before the measurement
			r.Fail(beat())
		}
		return r.cost(1, beat)
	}
	few := among(fewInstances)
	r.k.RedisBeatInstance = (among(manyInstances) - few) / (manyInstances - fewInstances)
	r.k.RedisBeat = max(0, few-fewInstances*r.k.RedisBeatInstance)
}
