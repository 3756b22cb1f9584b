package process

import (
	"iter"
)

// MailboxLoad summarizes the mailboxes of one kind of actor.
type MailboxLoad struct {
	Depth          int     // messages queued or being handled, and slots taken, in all mailboxes
	MaxUtilization float64 // of the fullest mailbox; more than 1 if Post exceeded the capacity
}

// Processes yields all running processes in no particular order.
func (s *System) Processes() iter.Seq[*Process] {
	return func(yield func(*Process) bool) {
		s.processes.Range(func(key, _ any) bool { return yield(key.(*Process)) })
	}
}

// Loads returns the load of every kind, including kinds without a process. It reads the depth of all processes and
// blocks none of them.
func (s *System) Loads() map[string]MailboxLoad {
	all := s.newLoads()
	for p := range s.Processes() {
		if depth := p.Depth(); depth != 0 { // idle processes, which are the majority, are skipped
			all.count(p.kind, MailboxUsage{Depth: depth, Capacity: int(p.capacity)})
		}
	}
	return all
}

// loadsByKind maps the name of a kind to its load.
type loadsByKind map[string]MailboxLoad

func (s *System) newLoads() loadsByKind {
	all := make(loadsByKind, len(s.order))
	for _, k := range s.order {
		all[k.Name] = MailboxLoad{}
	}
	return all
}

// count adds one mailbox.
func (all loadsByKind) count(k *KindStats, box MailboxUsage) {
	l := all[k.Name]
	l.Depth += box.Depth
	l.MaxUtilization = max(l.MaxUtilization, box.Utilization())
	all[k.Name] = l
}
