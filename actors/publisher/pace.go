package publisher

import (
	"time"
)

// groupCommit delays the commits of a log whose commits cost the same for any number of writes, such as an fsync. A
// commit starts at the earliest ten commit durations after the start of the previous one, but never later than limit
// after it. A busy log thus spends at most a tenth of its time in commits, with more writes in each of them. A single
// write on an idle log is not delayed.
type groupCommit struct {
	limit  time.Duration // 0: no delay
	nextAt time.Time     // earliest time of the next commit
}

const (
	commitSpacing   = 10 // durations of a commit between the starts of two commits
	groupCommitSize = 64 // writes that are committed without delay
)

// wait returns the delay of n pending writes; 0: commit now.
func (g *groupCommit) wait(now time.Time, n int) time.Duration {
	if n >= groupCommitSize {
		return 0
	}
	return max(0, g.nextAt.Sub(now))
}

// noteCommit records a commit.
func (g *groupCommit) noteCommit(start time.Time, d time.Duration) {
	g.nextAt = start.Add(min(g.limit, commitSpacing*d))
}
