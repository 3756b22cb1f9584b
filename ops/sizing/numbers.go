package main

import (
	"math"
	"strconv"
)

// cores shows µs/s of processor time.
func cores(micros float64) string { return digits(micros / 1e6) }

// count shows a number of things.
func count(n float64) string { return scaled(n, 1000, []string{"", " k", " M", " G", " T"}) }

// size shows bytes.
func size(n float64) string {
	return scaled(n, 1024, []string{" B", " KiB", " MiB", " GiB", " TiB", " PiB"})
}

func scaled(n, step float64, units []string) string {
	i := 0
	for ; n >= step && i < len(units)-1; i++ {
		n /= step
	}
	return digits(n) + units[i]
}

// digits shows three of them, and all that stand before the point.
func digits(n float64) string {
	if n == 0 {
		return "0"
	}
	behind := max(0, 2-int(math.Floor(math.Log10(math.Abs(n)))))
	if n == math.Trunc(n) && n < 1000 {
		behind = 0
	}
	return strconv.FormatFloat(n, 'f', min(behind, 4), 64)
}
