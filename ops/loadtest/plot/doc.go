// Package plot draws latency over time as SVG.
//
//	chart.go  Chart: the picture, panel by panel
//	axis.go   positions of values, and the labels of an axis
//	path.go   lines and areas
//
// A plotting library would not do: gonum/plot needs own code for gaps, units and the two panels, and makes the program
// twice as large.
package plot
