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
	Kind     string
	many     bool
	Live     atomic.Int64  // processes
	Handled  atomic.Uint64 // messages
	Refused  atomic.Uint64 // messages refused by a full mailbox
	Waited   atomic.Uint64 // times that a sender waited for a full mailbox
	Panics   atomic.Uint64
	Restarts atomic.Uint64 // panics that were survived
	GivenUp  atomic.Uint64 // processes stopped for panicking too often
}

// An ActorKind is a kind of actor, the label of its figures.
type Kind struct {
	Name string
	Many bool // as many of them as there are clients or rooms
}

// Spec says how to spawn a process.
type Spec struct {
	Kind     string // one that the system was built with
	ID       string // unique within the kind; empty for the only one of its kind
	Bound    int    // messages that the mailbox takes from Tell and Wait
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
		s.ByKind[k.Name] = &KindStats{Kind: k.Name, many: k.Many}
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
	id := spec.Kind
	if spec.ID != "" {
		id += "/" + spec.ID
	}
	kind := s.ByKind[spec.Kind]
	if kind == nil {
		panic("actors: no kind " + spec.Kind)
	}
	p := &Process{bound: int32(spec.Bound), Pid: actor.NewPID(s.Engine.Address(), id), Actor: spec.New(), Sys: s, kind: kind, onGiveUp: spec.OnGiveUp}
	if spec.Rebuild {
		p.rebuild = spec.New
	}
	p.status.Store(statusRunning) // nobody runs it: messages only queue
	return p
}

// Launch lets a prepared process begin; its first message is Started.
func (s *System) Launch(p *Process) {
	if kind, id, _ := strings.Cut(p.Pid.ID, "/"); s.Engine.Registry.GetPID(kind, id) != nil {
		panic("actors: " + p.Pid.ID + " lives already")
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
