package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
)

// options are the flags.
type options struct {
	workload    Workload
	connections []float64 // one plan for each
	pod         Pod
	shard       Shard
	prices      Prices

	coefficients string
	measure      bool
	check        []int  // nodes of the clusters to check
	dir          string // of coefficients.json and testdata/checked.json
	doc          string // SIZING.md
}

// defaultRooms is what -rooms is where nothing is said: small groups, busy groups, and a few crowds.
const defaultRooms = "70%:10:0.05,25%:200:0.5,5%:5000:2"

// parse reads the command line; all that is wrong with it is said at once.
func parse(args []string, out io.Writer) (*options, error) {
	o := &options{}
	var connections, rooms, check string
	fs := flag.NewFlagSet("sizing", flag.ContinueOnError)
	fs.SetOutput(out)
	fs.StringVar(&connections, "connections", "1e6,1e7,1e8", "connections to hold; one column for each")
	fs.StringVar(&rooms, "rooms", defaultRooms, "rooms as share%:members:rate, comma-separated: that share of the connections is in rooms of so many, with so many messages a second in each")
	fs.Float64Var(&o.workload.Text, "text", 128, "bytes of a message's text")
	fs.Float64Var(&o.workload.Churn, "churn", 0.0005, "share of the connections that leaves, and is replaced, in a second")
	fs.DurationVar(&o.workload.PingEvery, "ping", 25*time.Second, "how often a client pings")
	fs.DurationVar(&o.workload.Flush, "flush", 0, "FLUSH_INTERVAL of the nodes")
	fs.Float64Var(&o.workload.History, "history", 1000, "messages that the log of a room holds; at most HISTORY_SIZE, 10000")
	o.register(fs)
	fs.StringVar(&o.coefficients, "coefficients", "", "file with the measured costs; by default those that were built in")
	fs.BoolVar(&o.measure, "measure", false, "measure the costs on this machine (2 minutes, nothing else may run) and write coefficients.json to -dir")
	fs.StringVar(&check, "check", "", "run clusters of so many nodes, 1,2,3,4 say, with 19,000 connections each; write what was measured to testdata/checked.json in -dir")
	fs.StringVar(&o.dir, "dir", "ops/sizing", "where -measure and -check write")
	fs.StringVar(&o.doc, "doc", "", "write the tables into this document too (ops/docs/SIZING.md)")
	if err := fs.Parse(args); err != nil {
		return nil, err
	}
	var errs []error
	var err error
	o.connections, err = numbers("-connections", connections)
	errs = append(errs, err)
	o.workload.Rooms, err = parseRooms(rooms)
	errs = append(errs, err)
	nodes, err := numbers("-check", check)
	errs = append(errs, err, o.sane(fs.NArg()))
	for _, n := range nodes {
		o.check = append(o.check, int(n))
	}
	o.workload.Writers = max(1, o.pod.Cores/2)
	if err := errors.Join(errs...); err != nil {
		fmt.Fprintln(out, err)
		return nil, err
	}
	return o, nil
}

// register has the flags of what there is to run on. The prices are nobody's: they are round numbers of
// the size that public clouds asked in 2025, to be replaced by one's own.
func (o *options) register(fs *flag.FlagSet) {
	fs.Float64Var(&o.pod.Cores, "pod-cores", 4, "cores of a node")
	fs.Float64Var(&o.pod.Memory, "pod-memory", 4*gib, "bytes of memory of a node")
	fs.Float64Var(&o.pod.Connections, "pod-connections", 100_000, "connections of a node, at most")
	fs.Float64Var(&o.pod.Busy, "pod-busy", 0.5, "share of a node's cores that is planned with; the rest is for rollouts and reconnects")
	fs.Float64Var(&o.pod.Output, "pod-network", 250e6, "bytes a second of a node's network that are planned with")
	fs.Float64Var(&o.shard.Memory, "redis-memory", 16*gib, "bytes of memory of a Redis")
	fs.Float64Var(&o.shard.Busy, "redis-busy", 0.5, "share of a Redis thread that is planned with")
	fs.Float64Var(&o.shard.Output, "redis-network", 500e6, "bytes a second of a Redis's network that are planned with")
	fs.Float64Var(&o.shard.Clients, "redis-clients", 10_000, "connections that a Redis takes (maxclients)")
	fs.Float64Var(&o.prices.CoreHour, "price-core", 0.04, "price of a core for an hour: an assumption")
	fs.Float64Var(&o.prices.GiBHour, "price-gib", 0.005, "price of a GiB of memory for an hour: an assumption")
	fs.Float64Var(&o.prices.EgressGB, "price-egress", 0.02, "price of a GB sent to clients: an assumption, and by far the widest apart between providers")
	fs.Float64Var(&o.prices.HoursMonth, "hours", 730, "hours in a month")
}

// sane says what of the numbers cannot be.
func (o *options) sane(rest int) error {
	var errs []error
	for _, f := range []struct {
		ok   bool
		what string
	}{
		{rest == 0, "no arguments are expected beside the flags"},
		{o.workload.Text > 0 && o.workload.Churn >= 0 && o.workload.PingEvery > 0 && o.workload.Flush >= 0 && o.workload.History >= 0, "the workload must not be below 0"},
		{o.pod.Cores > 0 && o.pod.Memory > 0 && o.pod.Connections >= 1 && o.pod.Busy > 0 && o.pod.Output > 0, "a node must have something of everything"},
		{o.shard.Memory > 0 && o.shard.Busy > 0 && o.shard.Output > 0 && o.shard.Clients > 0, "a Redis must have something of everything"},
	} {
		if !f.ok {
			errs = append(errs, errors.New(f.what))
		}
	}
	return errors.Join(errs...)
}

// numbers reads a comma-separated list of numbers of at least 1; "" is an empty one.
func numbers(name, text string) ([]float64, error) {
	var all []float64
	for part := range strings.SplitSeq(text, ",") {
		if part == "" {
			continue
		}
		v, err := strconv.ParseFloat(part, 64)
		if err != nil || !(v >= 1) {
			return nil, fmt.Errorf("%s: %q is no number of at least 1", name, part)
		}
		all = append(all, v)
	}
	return all, nil
}
