package process

import (
	"iter"
)

// A Load is how full the mailboxes of one kind of actor are at a moment.
type Load struct {
	Depth   int     // messages queued, being handled or held, in all of them
	Fullest float64 // depth of the fullest as a share of its bound; messages that are never refused may take it beyond 1
}

// Processes yields every process that lives, in no particular order.
func (s *System) Processes() iter.Seq[*Process] {
	return func(yield func(*Process) bool) {
		s.live.Range(func(key, _ any) bool { return yield(key.(*Process)) })
	}
}

// Loads measures the mailboxes of all processes, by kind, kinds without any process too. It walks the
// processes and disturbs none of them.
func (s *System) Loads() map[string]Load {
	all := s.newLoads()
	for p := range s.Processes() {
		if depth := p.Depth(); depth != 0 { // of nearly all it is
			all.count(p.kind, Mailbox{Depth: depth, Bound: int(p.bound)})
		}
	}
	return all
}

// loads are the loads by kind.
type loads map[string]Load

func (s *System) newLoads() loads {
	all := make(loads, len(s.order))
	for _, k := range s.order {
		all[k.Name] = Load{}
	}
	return all
}

// count takes in one mailbox.
func (all loads) count(k *KindStats, box Mailbox) {
	l := all[k.Kind]
	l.Depth += box.Depth
	l.Fullest = max(l.Fullest, box.Fullness())
	all[k.Kind] = l
}
