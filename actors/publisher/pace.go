package publisher

import (
	"time"
)

// GroupCommit spaces the commits of a log whose every commit costs the same, however much is in it: an fsync.
// After a commit the next one is put off until ten times its duration have passed since it began, or
// limit if that is sooner. So a busy log spends at most a tenth of its time in commits, with more writes
// in each and fewer passes over their readers, and a write that comes alone waits for nothing.
type GroupCommit struct {
	Limit time.Duration // 0: no pace
	next  time.Time     // the earliest time of the next commit
}

const (
	paceShare       = 10 // of a commit's duration, from its beginning
	groupCommitSize = 64 // writes that are worth a commit at any time
)

// wait is how long n writes have to wait; 0: commit now.
func (p *GroupCommit) wait(now time.Time, n int) time.Duration {
	if n >= groupCommitSize {
		return 0
	}
	return max(0, p.next.Sub(now))
}

// took notes a commit.
func (p *GroupCommit) took(begun time.Time, d time.Duration) {
	p.next = begun.Add(min(p.Limit, paceShare*d))
}
