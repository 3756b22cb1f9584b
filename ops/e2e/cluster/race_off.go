//go:build !race

package cluster

// raceFlags build the node like the test binary.
var raceFlags []string
