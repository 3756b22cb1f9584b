package main

import (
	"chatnode/node"

	"github.com/rs/zerolog"
)

// buildNode is the builder of the real node.
func buildNode(cfg node.Config, log zerolog.Logger, version string) (runner, error) {
	n, err := node.New(cfg, log, version)
	if err != nil {
		return nil, err // a nil *Node in a runner would not be nil
	}
	return n, nil
}
