package process

import (
	"iter"
)

// A MailboxLoad is how full the mailboxes of one kind of actor are at a moment.
type MailboxLoad struct {
	Depth          int     // messages queued, being handled or held, in all of them
	MaxUtilization float64 // depth of the fullest as a share of its bound; messages that are never refused may take it beyond 1
}

// Processes yields every process that lives, in no particular order.
func (s *System) Processes() iter.Seq[*Process] {
	return func(yield func(*Process) bool) {
		s.processes.Range(func(key, _ any) bool { return yield(key.(*Process)) })
	}
}

// Loads measures the mailboxes of all processes, by kind, kinds without any process too. It walks the
// processes and disturbs none of them.
func (s *System) Loads() map[string]MailboxLoad {
	all := s.newLoads()
	for p := range s.Processes() {
		if depth := p.Depth(); depth != 0 { // of nearly all it is
			all.count(p.kind, MailboxUsage{Depth: depth, Capacity: int(p.capacity)})
		}
	}
	return all
}

// loadsByKind are the loads by kind.
type loadsByKind map[string]MailboxLoad

func (s *System) newLoads() loadsByKind {
	all := make(loadsByKind, len(s.order))
	for _, k := range s.order {
		all[k.Name] = MailboxLoad{}
	}
	return all
}

// count takes in one mailbox.
func (all loadsByKind) count(k *KindStats, box MailboxUsage) {
	l := all[k.Name]
	l.Depth += box.Depth
	l.MaxUtilization = max(l.MaxUtilization, box.Utilization())
	all[k.Name] = l
}
