package publisher

import (
	"testing"
	"time"
)

func TestGroupCommitWait(t *testing.T) {
	start := time.Unix(1000, 0)
	const ms = time.Millisecond
	for _, c := range []struct {
		name               string
		limit, commit, now time.Duration
		writes             int
		want               time.Duration
	}{
		{"no limit", 0, ms, ms, 1, 0},
		{"right after a commit", 4 * ms, ms / 5, ms / 5, 1, 9 * ms / 5},
		{"single write on an idle log", 4 * ms, ms / 5, 10 * ms, 1, 0},
		{"at most the limit", 4 * ms, 2 * ms, 2 * ms, 1, 2 * ms},
		{"slow commit, limit passed", 4 * ms, 20 * ms, 20 * ms, 1, 0},
		{"full group", 4 * ms, ms, ms, groupCommitSize, 0},
	} {
		p := groupCommit{limit: c.limit}
		p.noteCommit(start, c.commit)
		if got := p.wait(start.Add(c.now), c.writes); got != c.want {
			t.Errorf("%s: wait %v, want %v", c.name, got, c.want)
		}
	}
}
