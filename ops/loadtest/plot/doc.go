// Package plot draws latency over time as SVG.
//
//	chart.go  Chart: the picture, panel by panel
//	axis.go   positions of values, and the labels of an axis
//	path.go   lines and areas
package plot
