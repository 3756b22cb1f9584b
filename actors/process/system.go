package process

import (
	"fmt"
	"iter"
	"math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/anthdm/hollywood/actor"
	"github.com/rs/zerolog"
)

// A System is the actors of one node: hollywood's engine, and the figures of every kind of actor.
type System struct {
	Engine    *actor.Engine
	Log       zerolog.Logger
	Schedule  func(*Process)                          // lets a process run, on a goroutine of the engine's
	RunInline func(*Process)                          // lets it run on the caller's
	Random    func(int64) int64                       // between 0 and n-1
	After     func(time.Duration, func()) *time.Timer // time.AfterFunc, but for the simulation
	ByKind    map[string]*KindStats                   // fixed at construction
	order     []Kind
	processes sync.Map // *Process → nothing: those that live
	startedAt time.Time
}

// KindStats are the figures of all actors of one kind; every field only grows but Live.
type KindStats struct {
	Kind
	unknown  sync.Map      // reflect.Type → nothing: message types that were logged
	Live     atomic.Int64  // processes
	Handled  atomic.Uint64 // messages
	Refused  atomic.Uint64 // messages refused by a full mailbox
	Waited   atomic.Uint64 // times that a sender waited for a full mailbox
	Panics   atomic.Uint64
	Restarts atomic.Uint64 // panics that were survived
	GivenUp  atomic.Uint64 // processes stopped for panicking too often
	Unknown  atomic.Uint64 // messages that the actor does not handle
}

// A Kind describes all actors that do the same work. It is a package variable in the package of its actor.
type Kind struct {
	Name     string // label of its figures
	Capacity int    // messages that the mailbox accepts from TryPost and WaitPost
	Many     bool   // one actor for each client or room
	Parent   string // kind below which it is displayed; empty: the node
}

// Spec says how to spawn a process.
type Spec struct {
	Kind     Kind   // one that the system was built with
	ID       string // unique within the kind; empty for the only one of its kind
	New      func() Actor
	Rebuild  bool   // after a panic start over with New; otherwise the actor goes on with its state
	OnGiveUp func() // called when the process stops because it panics too often
}

// NewSystem builds a system on an engine of its own.
func NewSystem(log zerolog.Logger, kinds ...Kind) (*System, error) {
	engine, err := actor.NewEngine(actor.NewEngineConfig())
	if err != nil {
		return nil, fmt.Errorf("start the actor engine: %w", err)
	}
	s := &System{Engine: engine, Log: log, ByKind: map[string]*KindStats{}, startedAt: time.Now(), order: kinds}
	engineScheduler := actor.NewScheduler(1)
	s.Schedule = func(p *Process) { engineScheduler.Schedule(p.Run) }
	s.RunInline = (*Process).runInline
	s.After = time.AfterFunc
	s.Random = rand.Int64N
	for _, k := range kinds {
		if k.Parent != "" && s.ByKind[k.Parent] == nil {
			return nil, fmt.Errorf("kind %s: parent %s must be listed before it", k.Name, k.Parent)
		}
		if s.ByKind[k.Name] != nil {
			return nil, fmt.Errorf("kind %s is listed twice", k.Name)
		}
		s.ByKind[k.Name] = &KindStats{Kind: k}
	}
	return s, nil
}

// UptimeSeconds is how long the system has lived, by the monotonic clock: who measures by it does not notice that
// somebody sets the clock.
func (s *System) UptimeSeconds() int64 { return int64(time.Since(s.startedAt) / time.Second) }

// Spawn starts a process. Two processes of one name are a programming error and panic.
func (s *System) Spawn(spec Spec) *Process {
	p := s.Prepare(spec)
	s.Launch(p)
	return p
}

// Prepare makes a process that takes messages but handles none until Launch, so that actors which
// know each other can be given their addresses first.
func (s *System) Prepare(spec Spec) *Process {
	id := spec.Kind.Name
	if spec.ID != "" {
		id += "/" + spec.ID
	}
	kind := s.ByKind[spec.Kind.Name]
	if kind == nil {
		panic("process: unknown kind " + spec.Kind.Name)
	}
	p := &Process{capacity: int32(spec.Kind.Capacity), Pid: actor.NewPID(s.Engine.Address(), id), Actor: spec.New(), Sys: s, kind: kind, onGiveUp: spec.OnGiveUp}
	if spec.Rebuild {
		p.rebuild = spec.New
	}
	p.status.Store(statusRunning) // nobody runs it: messages only queue
	return p
}

// Launch lets a prepared process begin; its first message is Started.
func (s *System) Launch(p *Process) {
	if kind, id, _ := strings.Cut(p.Pid.ID, "/"); s.Engine.Registry.GetPID(kind, id) != nil {
		panic("process: " + p.Pid.ID + " exists already")
	}
	p.kind.Live.Add(1)
	s.processes.Store(p, nil)
	s.Engine.SpawnProc(p)
}

// Kinds yields the figures of every kind of actor, those at zero too.
func (s *System) Kinds() iter.Seq[*KindStats] {
	return func(yield func(*KindStats) bool) {
		for _, k := range s.order {
			if !yield(s.ByKind[k.Name]) {
				return
			}
		}
	}
}
