package actors

import "iter"

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
	loads := make(map[string]Load, len(kinds))
	for _, k := range kinds {
		loads[k] = Load{}
	}
	for p := range s.Processes() {
		depth := p.Depth()
		if depth == 0 { // nearly all of them
			continue
		}
		l := loads[p.kind.Kind]
		l.Depth += depth
		l.Fullest = max(l.Fullest, float64(depth)/float64(max(1, p.bound)))
		loads[p.kind.Kind] = l
	}
	return loads
}
