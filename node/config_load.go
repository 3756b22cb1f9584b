package node

import (
	"fmt"
	"reflect"
	"slices"
	"time"

	"chatnode/transport/auth"

	"github.com/alecthomas/kong"
)

// A Lookup returns the value of an environment variable, like os.LookupEnv.
type Lookup func(name string) (value string, ok bool)

// A Loader lets kong read settings from flags, the environment and defaults, in this order of precedence. An empty
// variable counts as unset. The Loader collects invalid values instead of stopping kong at the first one; Problems and
// Finish return them. It can be used for one Parse.
type Loader struct {
	lookup   Lookup
	problems []Problem
}

// NewLoader returns a Loader that reads the environment with lookup.
func NewLoader(lookup Lookup) *Loader { return &Loader{lookup: lookup} }

// Options returns the options for kong to parse a struct with a Config, or with some of its fields.
func (l *Loader) Options() []kong.Option {
	options := []kong.Option{
		kong.Resolvers(kong.ResolverFunc(l.resolve)),
		kong.ValueFormatter(formatHelp),
		kong.ExplicitGroups(helpGroups()),
		kong.TypeMapper(reflect.TypeFor[bool](), switchMapper{valueMapper{l}}),
	}
	for _, t := range []reflect.Type{
		reflect.TypeFor[string](), reflect.TypeFor[int](), reflect.TypeFor[time.Duration](), reflect.TypeFor[Bytes](),
		reflect.TypeFor[Secret](), reflect.TypeFor[RedisURL](), reflect.TypeFor[Rate](), reflect.TypeFor[InstanceID](),
		reflect.TypeFor[KeySetURL](), reflect.TypeFor[LogLevel](), reflect.TypeFor[LogFormat](),
		reflect.TypeFor[auth.GuestAccess](), reflect.TypeFor[auth.Origins](), reflect.TypeFor[Proxies](),
	} {
		options = append(options, kong.TypeMapper(t, valueMapper{l}))
	}
	return options
}

// Problems returns a *ConfigError with all invalid values, or nil if there are none.
func (l *Loader) Problems() error {
	if len(l.problems) == 0 {
		return nil
	}
	sortProblems(l.problems)
	return &ConfigError{l.problems}
}

// Finish checks the rules between settings, and sets the defaults that depend on other settings or on the host. Its
// error is a *ConfigError with all problems.
func (l *Loader) Finish(c *Config) error {
	for _, r := range c.rules() {
		if r.violated && !slices.ContainsFunc(r.variables, l.hasProblem) {
			l.problems = append(l.problems, r.toProblem())
		}
	}
	if c.InstanceID == "" {
		c.InstanceID = newInstanceID()
	}
	if c.GuestAccess == "" {
		c.GuestAccess = auth.GuestsWrite
		if c.AcceptsTokens() {
			c.GuestAccess = auth.GuestsRead
		}
	}
	return l.Problems()
}

func (r rule) toProblem() Problem {
	p := Problem{Variable: r.variables[0], Must: r.must}
	if r.value != nil {
		p.Value = fmt.Sprint(r.value)
	}
	return p
}

func (l *Loader) hasProblem(variable string) bool {
	return slices.ContainsFunc(l.problems, func(p Problem) bool { return p.Variable == variable })
}

// resolve returns the value of the environment variable of a flag. kong calls it for flags that are not given.
func (l *Loader) resolve(_ *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
	if name := flag.Tag.Get("var"); name != "" {
		if value, ok := l.lookup(name); ok && value != "" {
			return value, nil
		}
	}
	return nil, nil
}

// formatHelp returns the help of a setting, with the name of its variable.
func formatHelp(value *kong.Value) string {
	if name := value.Tag.Get("var"); name != "" {
		return value.Help + " [$" + name + "]"
	}
	return value.Help
}

func helpGroups() []kong.Group {
	return []kong.Group{
		{Key: "node", Title: "This node:"},
		{Key: "cluster", Title: "Cluster:"},
		{Key: "access", Title: "Access control:"},
		{Key: "storage", Title: "Storage:"},
		{Key: "limits", Title: "Limits (sizes in bytes, or with KiB, MiB or GiB):"},
		{Key: "timing", Title: "Timing (such as 500ms, 25s, 2m):"},
		{Key: "output", Title: "Output:"},
	}
}
