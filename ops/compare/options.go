package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"
)

// options are the flags.
type options struct {
	connections int
	rooms       int
	rates       []float64
	rounds      int
	duration    time.Duration
	idle        time.Duration
	silent      int
	outstanding []int
	profile     string
	size        int
	connectRate float64
	systems     []string
	redis       bool
	nodes       int
	env         settings
	json        string
}

// minProfiled is how long a load must last for a profile of it.
const minProfiled = 3 * time.Second

// settings are NAME=VALUE, given one by one.
type settings []string

// String is the settings as they were given.
func (s *settings) String() string { return strings.Join(*s, " ") }

// Set adds one.
func (s *settings) Set(text string) error {
	if name, _, ok := strings.Cut(text, "="); !ok || name == "" {
		return errors.New("must be NAME=VALUE")
	}
	*s = append(*s, text)
	return nil
}

// parse reads the command line; what is wrong with it is said at once.
func parse(args []string, out io.Writer) (*options, error) {
	o := &options{}
	var rates, names, outstanding string
	fs := flag.NewFlagSet("compare", flag.ContinueOnError)
	fs.SetOutput(out)
	fs.IntVar(&o.connections, "n", 1000, "connections")
	fs.IntVar(&o.rooms, "rooms", 1, "rooms; connection i is in room i%rooms")
	fs.StringVar(&rates, "rates", "100,400", "messages a second in all rooms together, comma-separated; empty: memory and connecting only")
	fs.IntVar(&o.rounds, "rounds", 3, "how often each system has its turn; the tables have medians")
	fs.DurationVar(&o.duration, "duration", 5*time.Second, "how long to send at each rate")
	fs.DurationVar(&o.idle, "idle", 6*time.Second, "how long to hold the connections and look at memory; 0: not at all")
	fs.IntVar(&o.silent, "silent", 0, "members that read nothing once they have joined: each load is put on without and with them. Only of chatnode, where -systems is not given")
	fs.StringVar(&outstanding, "outstanding", "", "in the place of -rates: each connection has so many messages unanswered, comma-separated. Only of chatnode; with a Redis, redis-benchmark is put beside it")
	fs.StringVar(&o.profile, "profile", "", "take a CPU profile of the (first) chatnode at each rate into this folder, and tell what goes to mailboxes, supervision, metrics and journal. Only of chatnode, where -systems is not given")
	fs.IntVar(&o.size, "size", 128, "bytes of a message's text")
	fs.Float64Var(&o.connectRate, "connect-rate", 20000, "connections begun in a second; high: as fast as the server takes them")
	fs.StringVar(&names, "systems", "chatnode,log,writers,broadcaster", "what to compare; ratios are to log where it is among them, else to the last one")
	fs.BoolVar(&o.redis, "redis", false, "chatnode in distributed mode, on a redis-server of its own")
	fs.IntVar(&o.nodes, "nodes", 1, "how many chatnodes share that Redis and the connections; more than 1 means -redis")
	fs.Var(&o.env, "env", "NAME=VALUE, a setting of chatnode; may be given several times")
	fs.StringVar(&o.json, "json", "", "add a line of JSON for each run to this file")
	if err := fs.Parse(args); err != nil {
		return nil, err
	}
	given := map[string]bool{}
	fs.Visit(func(f *flag.Flag) { given[f.Name] = true })
	alone := o.silent > 0 || outstanding != "" || o.profile != ""
	if !given["systems"] && alone {
		names = chatnode
	}
	if outstanding != "" && !given["rates"] {
		rates = ""
	}
	if !given["idle"] && alone {
		o.idle = 0
	}
	err := errors.Join(o.check(rates, names), o.checkLoads(outstanding))
	if fs.NArg() > 0 {
		err = errors.Join(err, fmt.Errorf("unexpected argument %q", fs.Arg(0)))
	}
	if err != nil {
		fmt.Fprintln(out, err)
	}
	return o, err
}

// checkLoads fills in what is asked of writers that wait, and of members that do not read.
func (o *options) checkLoads(outstanding string) error {
	var errs []error
	for text := range strings.SplitSeq(outstanding, ",") {
		if text = strings.TrimSpace(text); text == "" {
			continue
		}
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 {
			errs = append(errs, fmt.Errorf("-outstanding: %q is no number above 0", text))
		}
		o.outstanding = append(o.outstanding, n)
	}
	if len(o.outstanding) > 0 && (len(o.rates) > 0 || o.silent > 0 || !slices.Equal(o.systems, []string{chatnode})) {
		errs = append(errs, errors.New("-outstanding goes with neither -rates nor -silent, and with no system but chatnode"))
	}
	if o.profile != "" && (o.silent > 0 || len(o.rates) == 0 || o.duration < minProfiled || !slices.Contains(o.systems, chatnode)) {
		errs = append(errs, fmt.Errorf("-profile goes with chatnode, without -silent, at -rates for a -duration of at least %v", minProfiled))
	}
	if o.silent < 0 || o.silent >= max(o.connections, 1) {
		errs = append(errs, errors.New("-silent must be 0 or above, and below -n"))
	}
	return errors.Join(errs...)
}

// check fills in what follows from the flags.
func (o *options) check(rates, names string) error {
	var errs []error
	fault := func(bad bool, what string) {
		if bad {
			errs = append(errs, errors.New(what))
		}
	}
	for text := range strings.SplitSeq(rates, ",") {
		if text = strings.TrimSpace(text); text == "" {
			continue
		}
		rate, err := strconv.ParseFloat(text, 64)
		fault(err != nil || !(rate > 0), fmt.Sprintf("-rates: %q is no rate above 0", text))
		o.rates = append(o.rates, rate)
	}
	o.systems = strings.Split(names, ",")
	for _, name := range o.systems {
		fault(!slices.Contains(known, name), fmt.Sprintf("-systems: %q is none of %s", name, strings.Join(known, ", ")))
	}
	o.redis = o.redis || o.nodes > 1
	fault(o.connections < 1, "-n must be at least 1")
	fault(o.rooms < 1 || o.rooms > o.connections, "-rooms must be 1 to -n")
	fault(o.rounds < 1, "-rounds must be at least 1")
	fault(o.nodes < 1, "-nodes must be at least 1")
	fault(o.duration <= 0 || o.idle < 0, "-duration must be above 0, and -idle not below")
	fault(!(o.connectRate > 0), "-connect-rate must be above 0")
	return errors.Join(errs...)
}
