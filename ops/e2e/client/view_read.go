package client

import (
	"fmt"
	"slices"
	"strings"
)

// LastPosition returns where to resume. ok is false if the reader has to load the history.
func (v *View) LastPosition() (p Position, ok bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.at, v.at.Epoch != "" && !v.loading
}

// reached reports whether the view is at p or past it, and returns a channel that is closed at the next frame.
func (v *View) reached(p Position) (bool, <-chan struct{}) {
	v.mu.Lock()
	defer v.mu.Unlock()
	return !v.loading && (p.Epoch == "" || v.at.Epoch == p.Epoch) && v.at.Seq >= p.Seq, v.moved
}

// IDs returns the messages at seq 1, 2 and so on of the current epoch, up to the first seq without one.
func (v *View) IDs() (ids []string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	for p := (Position{v.at.Epoch, 1}); v.places[p] != ""; p.Seq++ {
		ids = append(ids, v.places[p])
	}
	return ids
}

// Repairs returns how often the history was loaded, how many resyncs arrived, and how many provisional messages were
// committed.
func (v *View) Repairs() (reloads, resyncs, commits int) {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.reloads, v.resyncs, v.commits
}

// Log returns each join, history and resync, one per line.
func (v *View) Log() string {
	v.mu.Lock()
	defer v.mu.Unlock()
	return fmt.Sprintf("%s, at %d from %d:\n\t%s", v.name, v.at.Seq, v.from, strings.Join(v.log, "\n\t"))
}

// Err returns the violations of the promise.
func (v *View) Err() error {
	v.mu.Lock()
	defer v.mu.Unlock()
	all := slices.Concat(v.faults, v.moves, v.returns)
	if len(all) == 0 {
		return nil
	}
	return fmt.Errorf("%s: %d faults, the first: %s", v.name, len(all), strings.Join(all[:min(5, len(all))], "; "))
}
