package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"time"
)

// options are the flags. The JSON is how the report repeats them.
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

// pace is how messages are sent, in words.
func (o *options) pace() string {
	if o.Outstanding > 0 {
		return fmt.Sprintf("%d messages each unanswered", o.Outstanding)
	}
	return fmt.Sprintf("%g msg/s", o.Rate)
}

// errUsage is a command line that cannot be run; what is wrong with it has been printed.
var errUsage = errors.New("bad usage")

// parse reads the command line. Help is flag.ErrHelp; everything else that is wrong is an errUsage
// that names all of it.
func parse(args []string, getenv func(string) string, out io.Writer) (*options, error) {
	o := &options{}
	fs := flag.NewFlagSet("loadtest", flag.ContinueOnError)
	fs.SetOutput(out)
	o.register(fs, getenv)
	fs.Usage = func() {
		fmt.Fprint(out, "Puts a load of chat clients on nodes, and checks that nothing acknowledged is lost, doubled or\nout of order. Exits 0 when nothing was, 1 when something was or could not be seen, 2 for bad usage.\n\n")
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
	fs.StringVar(&o.Sources, "sources", "", "addresses to connect from, one or first-last (127.0.1.1-127.0.1.8); each has some 28,000 ports for each node. By default the system's choice")
	fs.IntVar(&o.Connections, "n", 1000, "connections")
	fs.Float64Var(&o.ConnectRate, "connect-rate", 1000, "connections begun in a second")
	fs.IntVar(&o.Dialing, "dialing", 64, "connections being set up at the same time, at most")
	fs.IntVar(&o.Rooms, "rooms", 10, "rooms; connection i is in room i%rooms")
	fs.StringVar(&o.RoomPrefix, "room-prefix", "", "rooms are called this and a number; by default new ones in each run")
	fs.Float64Var(&o.Rate, "rate", 100, "messages sent in a second, all rooms together, whether or not the nodes keep up; 0: connect only")
	fs.IntVar(&o.Size, "size", 128, "bytes of a message's text, at least 32")
	fs.DurationVar(&o.Duration, "duration", 30*time.Second, "how long to send")
	fs.DurationVar(&o.Drain, "drain", 15*time.Second, "how long to wait, at most, for what is late when sending has ended")
	fs.Var(&o.Slow, "slow", "connections that read slowly: a number, or a share like 1%; they send nothing, and their latency does not count")
	fs.DurationVar(&o.SlowPause, "slow-pause", time.Second, "how long a slow connection pauses after each frame")
	fs.Var(&o.Silent, "silent", "connections that stop reading once they have joined: a number, or a share like 1%; they send nothing but pings")
	fs.IntVar(&o.Outstanding, "outstanding", 0, "messages that each sender has unanswered at any time, the next one sent when one is acknowledged; in place of -rate")
	fs.StringVar(&o.JSON, "json", "", "write the report to this file")
	fs.StringVar(&o.Plot, "plot", "", "draw latency over time to this file, as SVG")
	fs.StringVar(&o.JWTSecret, "jwt-secret", getenv("AUTH_JWT_SECRET"), "the nodes' AUTH_JWT_SECRET, to connect with tokens rather than as guests; by default the variable of that name")
	fs.BoolVar(&o.AllowRemote, "allow-remote", false, "allow nodes that are not on this machine: be sure that they are yours")
	if o.JWTSecret != "" {
		fs.Lookup("jwt-secret").DefValue = "" // it must not be printed
	}
}
