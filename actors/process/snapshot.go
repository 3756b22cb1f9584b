package process

import (
	"cmp"
	"slices"
	"strings"
)

// MailboxUsage is the depth of one mailbox.
type MailboxUsage struct {
	ID       string // of the process
	Depth    int    // messages queued or being handled, and slots taken
	Capacity int    // limit of TryPost and WaitPost
}

// MailboxSnapshot contains the depths of all mailboxes at one time.
type MailboxSnapshot struct {
	Loads   map[string]MailboxLoad // by kind, including kinds without a process
	Fullest []MailboxUsage         // sorted by utilization, highest first
}

// MailboxSnapshot reads the depths of all mailboxes in one pass and blocks no process. Fullest contains at most limit
// processes, and omits idle sessions, rooms and outboxes.
func (s *System) MailboxSnapshot(limit int) MailboxSnapshot {
	all := s.newLoads()
	v := MailboxSnapshot{Loads: all}
	for p := range s.Processes() {
		depth := p.Depth()
		if depth == 0 && p.kind.Many { // the majority
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

// Utilization returns the depth divided by the capacity. It exceeds 1 if Post exceeded the capacity.
func (m MailboxUsage) Utilization() float64 { return float64(m.Depth) / float64(max(1, m.Capacity)) }

func (m MailboxUsage) compare(o MailboxUsage) int {
	return cmp.Or(cmp.Compare(o.Utilization(), m.Utilization()), strings.Compare(m.ID, o.ID))
}
