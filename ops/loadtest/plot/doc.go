// Package plot draws latency over time as SVG, with nothing but text.
//
//	chart.go  Chart: the picture, panel by panel
//	axis.go   where a value stands, and which values are written at an axis
//	path.go   lines and areas
package plot
