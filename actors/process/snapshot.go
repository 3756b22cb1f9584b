package process

import (
	"cmp"
	"slices"
	"strings"
)

// A MailboxUsage is how full that of one process is.
type MailboxUsage struct {
	ID       string // of the process
	Depth    int    // messages queued, being handled or held
	Capacity int    // limit of TryPost and WaitPost
}

// A MailboxSnapshot is how full all mailboxes are at a moment.
type MailboxSnapshot struct {
	Loads   map[string]MailboxLoad // by kind, kinds without any process too
	Fullest []MailboxUsage         // the fullest first
}

// MailboxSnapshot measures the mailboxes of all processes in one walk that disturbs none of them. Busy holds
// every process but the idle sessions, rooms and outboxes, and at most limit of them.
func (s *System) MailboxSnapshot(limit int) MailboxSnapshot {
	all := s.newLoads()
	v := MailboxSnapshot{Loads: all}
	for p := range s.Processes() {
		depth := p.Depth()
		if depth == 0 && p.kind.Many { // nearly all of them
			continue
		}
		box := MailboxUsage{p.ID(), depth, int(p.capacity)}
		all.count(p.kind, box)
		v.Fullest = append(v.Fullest, box)
	}
	slices.SortFunc(v.Fullest, MailboxUsage.compare)
	v.Fullest = v.Fullest[:min(limit, len(v.Fullest)):min(limit, len(v.Fullest))]
	return v
}

// Utilization is the depth as a share of the bound; messages that are never refused may take it beyond 1.
func (m MailboxUsage) Utilization() float64 { return float64(m.Depth) / float64(max(1, m.Capacity)) }

func (m MailboxUsage) compare(o MailboxUsage) int {
	return cmp.Or(cmp.Compare(o.Utilization(), m.Utilization()), strings.Compare(m.ID, o.ID))
}
