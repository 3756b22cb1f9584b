package main

import (
	"chatnode/node"

	"github.com/rs/zerolog"
)

// buildNode is the builder of the real node.
func buildNode(cfg node.Config, log zerolog.Logger, version string) (runner, error) {
	return node.New(cfg, log, version) //nolint:wrapcheck // it says it all
}
