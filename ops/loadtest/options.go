package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"time"
)

// options are the flags. The JSON form is part of the report.
type options struct {
	Addr         string        `json:"addr"`
	Sources      string        `json:"sources"`
	Connections  int           `json:"connections"`
	ConnectRate  float64       `json:"connectRate"`
	Dialing      int           `json:"dialing"`
	Rooms        int           `json:"rooms"`
	RoomPrefix   string        `json:"roomPrefix"`
	Rate         float64       `json:"rate"`
	Size         int           `json:"size"`
	Duration     time.Duration `json:"durationNs"`
	Drain        time.Duration `json:"drainNs"`
	Slow         share         `json:"slow"`
	SlowPause    time.Duration `json:"slowPauseNs"`
	Silent       share         `json:"silent"`
	Outstanding  int           `json:"outstanding"`
	JSON         string        `json:"-"`
	Plot         string        `json:"-"`
	JWTSecret    string        `json:"-"`
	AllowRemote  bool          `json:"allowRemote"`
	nodes        []node
	sourceAddrs  []source
	messageCount uint64
}

// pace returns how messages are sent, in words.
func (o *options) pace() string {
	if o.Outstanding > 0 {
		return fmt.Sprintf("%d messages in flight per sender", o.Outstanding)
	}
	return fmt.Sprintf("%g msg/s", o.Rate)
}

// errUsage is a command line that cannot be run. Its problems have been printed.
var errUsage = errors.New("bad usage")

// parse reads the command line. It returns flag.ErrHelp for -h, and an errUsage with all problems otherwise.
func parse(args []string, getenv func(string) string, out io.Writer) (*options, error) {
	o := &options{}
	fs := flag.NewFlagSet("loadtest", flag.ContinueOnError)
	fs.SetOutput(out)
	o.register(fs, getenv)
	fs.Usage = func() {
		fmt.Fprint(out, "Puts the load of chat clients on nodes, and checks that no acknowledged message is lost, duplicated or\nout of order. Exit code 0: no faults; 1: faults, or messages that could not be checked; 2: bad usage.\n\n")
		fs.PrintDefaults()
	}
	if err := fs.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return nil, err
		}
		return nil, errUsage
	}
	err := o.check()
	if fs.NArg() > 0 {
		err = errors.Join(err, fmt.Errorf("unexpected argument %q", fs.Arg(0)))
	}
	if err != nil {
		fmt.Fprintln(out, err)
		return nil, fmt.Errorf("%w: %w", errUsage, err)
	}
	return o, nil
}

func (o *options) register(fs *flag.FlagSet, getenv func(string) string) {
	fs.StringVar(&o.Addr, "addr", "127.0.0.1:3001", "nodes, comma-separated: host:port, ws://host:port or wss://host:port; they share the connections of each room")
	fs.StringVar(&o.Sources, "sources", "", "addresses to connect from, one or first-last (127.0.1.1-127.0.1.8); each has some 28,000 ports per node; default: chosen by the system")
	fs.IntVar(&o.Connections, "n", 1000, "connections")
	fs.Float64Var(&o.ConnectRate, "connect-rate", 1000, "connections started per second")
	fs.IntVar(&o.Dialing, "dialing", 64, "maximum number of connections that are being set up")
	fs.IntVar(&o.Rooms, "rooms", 10, "rooms; connection i is in room i%rooms")
	fs.StringVar(&o.RoomPrefix, "room-prefix", "", "prefix of the names of rooms; default: new rooms in each run")
	fs.Float64Var(&o.Rate, "rate", 100, "messages sent per second, in all rooms together, also if the nodes cannot keep up; 0: connect only")
	fs.IntVar(&o.Size, "size", 128, "bytes of a message's text, at least 32")
	fs.DurationVar(&o.Duration, "duration", 30*time.Second, "time of sending")
	fs.DurationVar(&o.Drain, "drain", 15*time.Second, "maximum time to wait for late entries after the last message")
	fs.Var(&o.Slow, "slow", "connections that read slowly: a number, or a share such as 1%; they send no messages, and their latency does not count")
	fs.DurationVar(&o.SlowPause, "slow-pause", time.Second, "pause of a slow connection after each frame")
	fs.Var(&o.Silent, "silent", "connections that stop reading after the join: a number, or a share such as 1%; they send only pings")
	fs.IntVar(&o.Outstanding, "outstanding", 0, "messages that each sender has in flight; the next one is sent when one is acknowledged; instead of -rate")
	fs.StringVar(&o.JSON, "json", "", "write the report to this file")
	fs.StringVar(&o.Plot, "plot", "", "draw latency over time into this file, as SVG")
	fs.StringVar(&o.JWTSecret, "jwt-secret", getenv("AUTH_JWT_SECRET"), "AUTH_JWT_SECRET of the nodes, to connect with tokens instead of as guests; default: the variable of that name")
	fs.BoolVar(&o.AllowRemote, "allow-remote", false, "allow nodes on other machines; use it only for nodes that are yours")
	if o.JWTSecret != "" {
		fs.Lookup("jwt-secret").DefValue = "" // must not be printed
	}
}
