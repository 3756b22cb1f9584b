package chaos

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"chatnode/ops/e2e/client"
)

// row is the result of one fault.
type row struct {
	name                 string
	verdict              *client.Report
	notice, noticeHealth time.Duration
	heal                 time.Duration
	causes               []string
	answers              map[string]int // codes of errors that writers received
	resyncs, committed   int            // received by the readers of the three nodes
}

func (r *row) answer(code string, n int) {
	if r.answers == nil {
		r.answers = map[string]int{}
	}
	r.answers[code] += n
}

// table collects the rows of parallel subtests.
type table struct {
	mu   sync.Mutex
	rows []*row
}

func (t *table) add(r *row) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.rows = append(t.rows, r)
}

// print logs the table as Markdown, in the order of the faults.
func (t *table) print(tb testing.TB) {
	t.mu.Lock()
	defer t.mu.Unlock()
	place := map[string]int{}
	for i, f := range faults() {
		place[f.name] = i
	}
	slices.SortFunc(t.rows, func(a, b *row) int { return cmp.Compare(place[a.name], place[b.name]) })
	var b strings.Builder
	b.WriteString("\n| fault | acknowledged | of them journal | lost | twice | noticed: clients, /health | healed | clients were told |\n|---|---|---|---|---|---|---|---|\n")
	for _, r := range t.rows {
		b.WriteString(r.line())
	}
	tb.Log(b.String())
}

func (r *row) line() string {
	notice := "-"
	if r.notice > 0 {
		notice = fmt.Sprintf("%.2f s, %.2f s", r.notice.Seconds(), r.noticeHealth.Seconds())
	}
	return fmt.Sprintf("| %s | %d | %d | %d | %d | %s | %.2f s | %s |\n", r.name, r.verdict.Acked, r.verdict.Journal,
		len(r.verdict.Lost), len(r.verdict.Twice), notice, r.heal.Seconds(), r.saying())
}

// saying returns what clients received, in short.
func (r *row) saying() string {
	var parts []string
	for _, cause := range r.causes {
		sentence, _, _ := strings.Cut(cause, ":")
		parts = append(parts, sentence)
	}
	for _, code := range slices.Sorted(maps.Keys(r.answers)) {
		parts = append(parts, fmt.Sprintf("`error %s` x %d", code, r.answers[code]))
	}
	if r.committed > 0 {
		parts = append(parts, fmt.Sprintf("`committed` x %d", r.committed))
	}
	if r.resyncs > 0 {
		parts = append(parts, fmt.Sprintf("`resync` x %d", r.resyncs))
	}
	return strings.Join(parts, " / ")
}
