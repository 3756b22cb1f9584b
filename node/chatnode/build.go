package main

import (
	"chatnode/node"

	"github.com/rs/zerolog"
)

// buildNode is the builder of a real node.
func buildNode(cfg node.Config, log zerolog.Logger, version string) (runner, error) {
	n, err := node.New(cfg, log, version)
	if err != nil {
		return nil, err // not n: a runner with a nil *Node is not nil
	}
	return n, nil
}
