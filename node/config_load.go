package node

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"chatnode/transport/auth"

	"github.com/alecthomas/kong"
)

// A Lookup finds an environment variable, as os.LookupEnv does.
type Lookup func(name string) (value string, ok bool)

// A Loader makes kong read settings: from flags, then from the environment, where an empty
// variable counts as unset, then from defaults. A value that is not valid does not end kong's
// work; all of them come out of Problems or Finish. A Loader serves one Parse.
type Loader struct {
	lookup   Lookup
	problems []Problem
}

// NewLoader builds a Loader on an environment.
func NewLoader(lookup Lookup) *Loader { return &Loader{lookup: lookup} }

// Load reads a Config from flags and the environment. The error is a *ConfigError with every
// problem, or kong's about a flag that does not exist.
func Load(args []string, lookup Lookup) (Config, error) {
	var c Config
	l := NewLoader(lookup)
	k, err := kong.New(&c, append(l.Options(), kong.NoDefaultHelp())...)
	if err != nil {
		return Config{}, fmt.Errorf("build the flags: %w", err)
	}
	if _, err := k.Parse(args); err != nil {
		return Config{}, fmt.Errorf("read the flags: %w", err)
	}
	if err := l.Finish(&c); err != nil {
		return Config{}, err
	}
	return c, nil
}

// Options are what kong needs to parse a struct that holds a Config, or some of its fields.
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

// Problems is a *ConfigError with the values that were not valid, or nil.
func (l *Loader) Problems() error {
	if len(l.problems) == 0 {
		return nil
	}
	sortProblems(l.problems)
	return &ConfigError{l.problems}
}

// Finish fills in what depends on other settings or on the host, and checks the relations between
// settings. Its error is a *ConfigError with every problem there is.
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

// resolve finds the variable of a flag that was not given.
func (l *Loader) resolve(_ *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
	if name := flag.Tag.Get("var"); name != "" {
		if value, ok := l.lookup(name); ok && value != "" {
			return value, nil
		}
	}
	return nil, nil
}

// formatHelp adds a setting's variable to its help.
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
		{Key: "access", Title: "Who may do what:"},
		{Key: "storage", Title: "Storage:"},
		{Key: "limits", Title: "Limits (sizes in bytes, or with KiB, MiB, GiB):"},
		{Key: "timing", Title: "Timing (such as 500ms, 25s, 2m):"},
		{Key: "output", Title: "Output:"},
	}
}

// Variables lists the environment variables of all settings, in the order of Config.
func Variables() []string {
	var names []string
	for field := range reflect.TypeFor[Config]().Fields() {
		names = append(names, strings.TrimSpace(field.Tag.Get("var")))
	}
	return names
}
