//go:build race

package cluster

// raceFlags build the node as the test binary was built.
var raceFlags = []string{"-race"}
