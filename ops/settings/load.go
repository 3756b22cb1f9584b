package settings

import (
	"fmt"

	"github.com/alecthomas/kong"

	"chatnode/node"
)

// Load returns the Config that the environment results in. The error lists every setting that is not valid.
func Load(env map[string]string) (node.Config, error) {
	var c node.Config
	l := node.NewLoader(func(name string) (string, bool) {
		value, ok := env[name]
		return value, ok
	})
	parser, err := kong.New(&c, append(l.Options(), kong.NoDefaultHelp())...)
	if err != nil {
		return c, fmt.Errorf("build the flags: %w", err)
	}
	if _, err := parser.Parse(nil); err != nil {
		return c, fmt.Errorf("read the environment: %w", err)
	}
	return c, l.Finish(&c)
}
