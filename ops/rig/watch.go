package rig

import (
	"errors"
	"slices"
	"time"
)

// A Sample is what each of the watched programs had used at a time.
type Sample struct {
	At      time.Time
	Usage   []Usage
	Figures map[string]float64 // of Load.Figures
}

// A watch takes samples of programs.
type watch struct {
	programs []*Program
	figures  func() (map[string]float64, error)
	samples  []Sample
	err      error
}

// take takes a sample, and keeps it. Its error is kept too.
func (w *watch) take() Sample {
	s := Sample{At: time.Now()}
	for _, p := range w.programs {
		u, err := Of(p)
		w.err = errors.Join(w.err, err)
		s.Usage = append(s.Usage, u)
	}
	if w.figures != nil {
		var err error
		s.Figures, err = w.figures()
		w.err = errors.Join(w.err, err)
	}
	w.samples = append(w.samples, s)
	return s
}

// Total is the usage of the programs of a sample, by their place among those watched; of all where
// none is named.
func (s Sample) Total(which ...int) Usage {
	var sum Usage
	for i, u := range s.Usage {
		if len(which) == 0 || slices.Contains(which, i) {
			sum.CPU += u.CPU
			sum.Memory += u.Memory
		}
	}
	return sum
}

// Rise is by how much one of the figures grew while the load was on.
func (o *Outcome) Rise(name string) float64 { return o.End.Figures[name] - o.Begin.Figures[name] }

// MostMemory is the most that the programs had resident in any sample of the load.
func (o *Outcome) MostMemory(which ...int) int64 {
	most := o.End.Total(which...).Memory
	for _, s := range o.Samples {
		most = max(most, s.Total(which...).Memory)
	}
	return most
}

// LeastMemory is the least that the programs had resident in any sample of the load.
func (o *Outcome) LeastMemory(which ...int) int64 {
	least := o.End.Total(which...).Memory
	for _, s := range o.Samples {
		least = min(least, s.Total(which...).Memory)
	}
	return least
}
