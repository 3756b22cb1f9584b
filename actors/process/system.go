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

// System runs the actors of one node on a hollywood engine and keeps statistics per kind.
type System struct {
	Engine    *actor.Engine
	Log       zerolog.Logger
	hooks     Hooks
	ByKind    map[string]*KindStats // constant after NewSystem
	order     []Kind
	processes sync.Map // *Process → nil: running processes
	startedAt time.Time
}

// Hooks are the points at which a System depends on goroutines, time and chance. The simulation replaces them.
type Hooks struct {
	Run    func(*Process)                              // calls Process.Run on another goroutine
	Inline func(*Process)                              // runs the process on the caller's goroutine
	After  func(d time.Duration, f func()) *time.Timer // time.AfterFunc
	Random func(n int64) int64                         // value in [0, n)
}

// KindStats contains the statistics of one kind. All counters except Live only grow.
type KindStats struct {
	Kind
	unknown  sync.Map      // reflect.Type → nil: types that were logged
	Live     atomic.Int64  // running processes
	Handled  atomic.Uint64 // messages
	Refused  atomic.Uint64 // messages rejected by a full mailbox
	Waited   atomic.Uint64 // sends that waited for a full mailbox
	Panics   atomic.Uint64
	Restarts atomic.Uint64 // panics after which the process continued
	GivenUp  atomic.Uint64 // processes stopped after repeated panics
	Unknown  atomic.Uint64 // messages of a type that the actor does not handle
}

// A Kind describes all actors that do the same work. It is a package variable in the package of its actor.
type Kind struct {
	Name     string // label of its figures
	Capacity int    // messages that the mailbox accepts from TryPost and WaitPost
	Many     bool   // one actor for each client or room
	Parent   string // kind below which it is displayed; empty: the node
}

// Spec describes a process to spawn.
type Spec struct {
	Kind     Kind   // must be one of the kinds passed to NewSystem
	ID       string // unique within the kind; empty for a singleton
	New      func() Actor
	Rebuild  bool   // true: a panic replaces the actor by New(); false: the actor keeps its state
	OnGiveUp func() // called when the process stops after repeated panics; may be nil
}

// NewSystem creates a system with its own engine. It returns an error if a kind is listed twice or before its parent.
func NewSystem(log zerolog.Logger, kinds ...Kind) (*System, error) {
	engine, err := actor.NewEngine(actor.NewEngineConfig())
	if err != nil {
		return nil, fmt.Errorf("start the actor engine: %w", err)
	}
	s := &System{Engine: engine, Log: log, ByKind: map[string]*KindStats{}, startedAt: time.Now(), order: kinds}
	engineScheduler := actor.NewScheduler(1)
	s.hooks = Hooks{
		Run:    func(p *Process) { engineScheduler.Schedule(p.Run) },
		Inline: (*Process).runInline,
		After:  time.AfterFunc,
		Random: rand.Int64N,
	}
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

// Replace replaces the hooks. Call it before the first process is prepared.
func (s *System) Replace(h Hooks) { s.hooks = h }

// UptimeSeconds returns the age of the system by the monotonic clock, which a change of the system time does not
// affect.
func (s *System) UptimeSeconds() int64 { return int64(time.Since(s.startedAt) / time.Second) }

// Spawn prepares and launches a process. It panics if a process of this kind and ID exists.
func (s *System) Spawn(spec Spec) *Process {
	p := s.Prepare(spec)
	s.Launch(p)
	return p
}

// Prepare creates a process that queues messages but handles none until Launch. Actors that send to each other are
// prepared first and then given their addresses. It panics if the kind is unknown.
func (s *System) Prepare(spec Spec) *Process {
	id := spec.Kind.Name
	if spec.ID != "" {
		id += "/" + spec.ID
	}
	kind := s.ByKind[spec.Kind.Name]
	if kind == nil {
		panic("process: unknown kind " + spec.Kind.Name)
	}
	p := &Process{capacity: int32(spec.Kind.Capacity), pid: actor.NewPID(s.Engine.Address(), id), Actor: spec.New(), Sys: s, kind: kind, onGiveUp: spec.OnGiveUp}
	if spec.Rebuild {
		p.rebuild = spec.New
	}
	p.status.Store(statusRunning) // no goroutine runs it, so messages only queue
	return p
}

// Launch starts a prepared process. Its first message is Started. It panics if a process with this ID exists.
func (s *System) Launch(p *Process) {
	if kind, id, _ := strings.Cut(p.pid.ID, "/"); s.Engine.Registry.GetPID(kind, id) != nil {
		panic("process: " + p.pid.ID + " exists already")
	}
	p.kind.Live.Add(1)
	s.processes.Store(p, nil)
	s.Engine.SpawnProc(p)
}

// Kinds yields the statistics of all kinds, in the order of NewSystem.
func (s *System) Kinds() iter.Seq[*KindStats] {
	return func(yield func(*KindStats) bool) {
		for _, k := range s.order {
			if !yield(s.ByKind[k.Name]) {
				return
			}
		}
	}
}
