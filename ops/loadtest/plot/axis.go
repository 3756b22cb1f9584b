package plot

import (
	"fmt"
	"math"
	"strconv"
	"time"
)

// axis maps values from low to high to positions from start to end, linearly or by their logarithm.
type axis struct {
	low, high  float64
	start, end float64
	log        bool
}

func (a axis) at(v float64) float64 {
	low, high := a.low, a.high
	if a.log {
		low, high, v = math.Log(low), math.Log(high), math.Log(max(v, a.low))
	}
	return a.start + (v-low)/(high-low)*(a.end-a.start)
}

// decades returns the powers of ten around low and high, in ms. low is less than high.
func decades(low, high float64) (from, to float64) {
	from = math.Pow(10, math.Floor(math.Log10(low)+1e-9))
	to = math.Pow(10, math.Ceil(math.Log10(high)-1e-9))
	if from >= to {
		to = from * 10
	}
	return from, to
}

// logTicks returns 1, 2 and 5 times the powers of ten from low to high. Above three decades it omits 2 and 5.
func logTicks(low, high float64) []float64 {
	steps := []float64{1, 2, 5}
	if high/low > 1e3 {
		steps = steps[:1]
	}
	var ticks []float64
	for decade := low; decade <= high*1.001; decade *= 10 {
		for _, s := range steps {
			if v := decade * s; v <= high*1.001 {
				ticks = append(ticks, v)
			}
		}
	}
	return ticks
}

// step returns a round step that divides span into at most n parts.
func step(span float64, n int) float64 {
	least := span / float64(n)
	size := math.Pow(10, math.Floor(math.Log10(least)))
	for _, s := range []float64{1, 2, 5} {
		if s*size >= least*0.999 {
			return s * size
		}
	}
	return 10 * size
}

// timeStep returns a step of seconds, minutes or hours that divides span into at most n parts.
func timeStep(span time.Duration, n int) time.Duration {
	for _, s := range []time.Duration{
		time.Second, 2 * time.Second, 5 * time.Second, 10 * time.Second, 15 * time.Second, 30 * time.Second,
		time.Minute, 2 * time.Minute, 5 * time.Minute, 10 * time.Minute, 15 * time.Minute, 30 * time.Minute, time.Hour, 2 * time.Hour,
	} {
		if span <= time.Duration(n)*s {
			return s
		}
	}
	return 6 * time.Hour
}

func latencyLabel(ms float64) string {
	switch {
	case ms >= 999.9:
		return short(ms/1e3) + " s"
	case ms < 0.0999:
		return short(ms*1e3) + " µs"
	}
	return short(ms) + " ms"
}

func rateLabel(n float64) string {
	switch {
	case n >= 1e6:
		return short(n/1e6) + " M"
	case n >= 1e3:
		return short(n/1e3) + " k"
	}
	return short(n)
}

// timeLabel formats a time in the unit of the step between labels.
func timeLabel(t, step time.Duration) string {
	switch {
	case step >= time.Hour:
		return fmt.Sprintf("%d h", t/time.Hour)
	case step >= time.Minute:
		return fmt.Sprintf("%d min", t/time.Minute)
	}
	return fmt.Sprintf("%d s", t/time.Second)
}

func short(f float64) string { return strconv.FormatFloat(f, 'g', 3, 64) }
