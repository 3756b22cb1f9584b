package publisher

import (
	"testing"
	"time"
)

func TestCommitPace(t *testing.T) {
	start := time.Unix(1000, 0)
	const ms = time.Millisecond
	for _, c := range []struct {
		name               string
		limit, commit, now time.Duration
		writes             int
		want               time.Duration
	}{
		{"no pace", 0, ms, ms, 1, 0},
		{"right after a commit", 4 * ms, ms / 5, ms / 5, 1, 9 * ms / 5},
		{"a write that comes alone", 4 * ms, ms / 5, 10 * ms, 1, 0},
		{"not longer than the limit", 4 * ms, 2 * ms, 2 * ms, 1, 2 * ms},
		{"a slow disk sets its own pace", 4 * ms, 20 * ms, 20 * ms, 1, 0},
		{"many writes are worth it", 4 * ms, ms, ms, groupCommitSize, 0},
	} {
		p := GroupCommit{Limit: c.limit}
		p.took(start, c.commit)
		if got := p.wait(start.Add(c.now), c.writes); got != c.want {
			t.Errorf("%s: waits %v, want %v", c.name, got, c.want)
		}
	}
}
