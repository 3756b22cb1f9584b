package main

import (
	"bufio"
	"errors"
	"fmt"
	"math"
	"net"
	"os/exec"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"chatnode/ops/rig"
)

// The script call of an append has EVALSHA, the script, 4, four keys and ten arguments, of which the last is the
// deadline. The writes follow with five arguments each: 'm', id, key, author and text. append.lua in
// transport/redisbus/lua defines them.
const (
	firstWrite = 17
	writeSize  = 5
	keyIndex   = 2
)

// redis-benchmark replaces randomKey by a different number of twelve digits in each call. The two letters give it
// the length of a node's idempotency key.
const (
	randomKey   = "__rand_int__ab"
	randomRange = "2000000000"
)

// recordCall returns the script call of a node that appends one message. It reads the call from MONITOR.
func (c *comparison) recordCall(l rig.Load) []string {
	conn, err := net.Dial("tcp", c.Redis.Addr)
	if err != nil {
		c.Fail(fmt.Errorf("monitor Redis: %w", err))
		return nil
	}
	calls := make(chan []string, 1)
	go func() { calls <- lastAppend(conn) }()
	l.Connections, l.Rooms, l.Outstanding, l.Rate, l.Duration = 1, 1, 0, 20, time.Second
	c.Run(l)
	c.Fail(conn.Close())
	call := <-calls
	if call == nil {
		c.Fail(errors.New("MONITOR did not show an append of one message"))
	}
	return call
}

// lastAppend returns the last append of one message before the connection is closed.
func lastAppend(conn net.Conn) (last []string) {
	fmt.Fprint(conn, "MONITOR\r\n")
	for lines := bufio.NewScanner(conn); lines.Scan(); {
		if call := arguments(lines.Text()); len(call) == firstWrite+writeSize && call[0] == "evalsha" && call[firstWrite] == "m" {
			last = call
		}
	}
	return last
}

// arguments returns the quoted strings of a line of MONITOR.
func arguments(line string) (all []string) {
	_, rest, _ := strings.Cut(line, "] ")
	for {
		quoted, err := strconv.QuotedPrefix(rest)
		if err != nil {
			return all
		}
		word, err := strconv.Unquote(quoted)
		if err != nil {
			return nil
		}
		all, rest = append(all, word), strings.TrimPrefix(rest[len(quoted):], " ")
	}
}

// repeatWrite returns the call with n writes, each with a random key and without a deadline.
func repeatWrite(call []string, n int) []string {
	write := slices.Clone(call[firstWrite:])
	write[keyIndex] = randomKey
	call = slices.Clone(call[:firstWrite])
	call[firstWrite-1] = "0"
	return append(call, slices.Repeat(write, n)...)
}

// shape returns the scripts per pipeline and the writes per script of redis-benchmark, which are those of the nodes'
// batches. The number of scripts is enough for a run of d, if redis-benchmark is twice as fast as the nodes.
func shape(f map[string]float64, d time.Duration) (pipeline, perScript, scripts int) {
	pipeline = max(1, int(math.Round(f["scripts per batch"])))
	perScript = max(1, int(math.Round(f["writes per batch"]/f["scripts per batch"])))
	return pipeline, perScript, max(1000, int(2*f["acked/s"]*d.Seconds())/perScript)
}

var perSecond = regexp.MustCompile(`([0-9.]+) requests per second`)

// runBenchmark runs redis-benchmark with as many connections as nodes, and adds its figures to f.
func (c *comparison) runBenchmark(call []string, f map[string]float64, d time.Duration) {
	pipeline, perScript, scripts := shape(f, d)
	host, port, _ := net.SplitHostPort(c.Redis.Addr)
	args := strings.Fields(fmt.Sprintf("-h %s -p %s -c %d -P %d -n %d -r %s -q", host, port, c.nodes, pipeline, scripts, randomRange))
	before := c.Measure()
	out, err := exec.CommandContext(c.Ctx, "redis-benchmark", append(args, repeatWrite(call, perScript)...)...).CombinedOutput()
	used := c.Measure().Since(before).Redis
	rates := perSecond.FindAllStringSubmatch(string(out), -1)
	if err == nil && len(rates) == 0 {
		err = errors.New("no rate in the output")
	}
	if err != nil {
		c.Fail(fmt.Errorf("redis-benchmark: %w\n%s", err, out))
		return
	}
	rate, err := strconv.ParseFloat(rates[len(rates)-1][1], 64)
	c.Fail(err)
	f["-P"], f["writes per script"] = float64(pipeline), float64(perScript)
	f["messages/s"] = rate * float64(perScript)
	f["µs per message"] = used / float64(scripts*perScript)
	f["benchmark cores"] = used / 1e6 / (float64(scripts) / rate)
	f["acked ÷ benchmark"] = f["acked/s"] / f["messages/s"]
	f["CPU ÷ benchmark"] = f["Redis µs per message"] / f["µs per message"]
}
