package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"os/exec"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"chatnode/ops/rig"

	"github.com/redis/go-redis/v9"
)

// A benchmark puts redis-benchmark beside nodes, with a call of theirs.
type benchmark struct {
	redis       *rig.Program
	client      *redis.Client
	call        []string // EVALSHA as a node has sent it, with one write
	connections int
}

// How Redis counts.
const (
	evalsha = "cmdstat_evalsha"
	reads   = "total_reads_processed"
	input   = "total_net_input_bytes"
)

// Where the one write begins in a call: behind EVALSHA, the script, 4, four keys and ten arguments, the last of
// which is the time until when it may be stored. The write is 'm', id, key, author and text
// (transport/redisbus/lua/append.lua).
const (
	deadlineAt = writeAt - 1
	writeAt    = 17
	writeSize  = 5
	keyAt      = 2
)

// chance is where redis-benchmark puts a number, of twelve digits, that is another each time; the two letters
// make it as long as a node's digest of a key.
const (
	chance   = "__rand_int__ab"
	chanceOf = "2000000000"
)

var errCall = errors.New("no node was seen appending one message")

// newBenchmark lets a node append a few messages, and notes how it does.
func (m *match) newBenchmark(ctx context.Context, s *system) (*benchmark, error) {
	b := &benchmark{redis: s.redis, connections: len(s.servers), client: redis.NewClient(&redis.Options{Addr: s.redis.Addr, DisableIdentity: true})}
	conn, err := net.Dial("tcp", s.redis.Addr)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("watch Redis: %w", err), b.close())
	}
	seen := make(chan []string, 1)
	go func() { seen <- watchAppends(conn) }()
	l := m.load(s, 20)
	l.Connections, l.Rooms, l.Duration = 1, 1, time.Second
	_, err = l.Run(ctx)
	err = errors.Join(err, conn.Close())
	b.call = <-seen
	if err == nil && b.call == nil {
		err = errCall
	}
	if err != nil {
		return nil, errors.Join(err, b.close())
	}
	return b, nil
}

func (b *benchmark) close() error { return b.client.Close() }

// watchAppends follows the commands of a Redis until the connection is closed, and returns the last append
// of one message.
func watchAppends(conn net.Conn) (last []string) {
	if _, err := fmt.Fprint(conn, "MONITOR\r\n"); err != nil {
		return nil
	}
	for lines := bufio.NewScanner(conn); lines.Scan(); {
		if call := words(lines.Text()); len(call) == writeAt+writeSize && call[0] == "evalsha" && call[writeAt] == "m" {
			last = call
		}
	}
	return last
}

// words are the quoted strings of a line of MONITOR.
func words(line string) (all []string) {
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

// repeated is the call with so many writes, each of which is another one every time, and none of which is too late.
func (b *benchmark) repeated(writes int) []string {
	call := slices.Clone(b.call[:writeAt])
	call[deadlineAt] = "0"
	for range writes {
		one := append([]string(nil), b.call[writeAt:]...)
		one[keyAt] = chance
		call = append(call, one...)
	}
	return call
}

// figures are what Redis counts.
func (b *benchmark) figures(ctx context.Context) (map[string]float64, error) {
	text, err := b.client.Info(ctx, "stats", "commandstats").Result()
	if err != nil {
		return nil, fmt.Errorf("ask Redis what it has done: %w", err)
	}
	all := map[string]float64{}
	for line := range strings.Lines(text) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), ":")
		value, _, _ = strings.Cut(strings.TrimPrefix(value, "calls="), ",")
		if n, err := strconv.ParseFloat(value, 64); err == nil {
			all[name] = n
		}
	}
	return all, nil
}

var perSecond = regexp.MustCompile(`([0-9.]+) requests per second`)

// run runs redis-benchmark in the shape that the nodes' batches had.
func (b *benchmark) run(ctx context.Context, a *Appends, d time.Duration) error {
	r := a.Redis
	pipeline, writes, scripts := a.shape(d)
	host, port, _ := net.SplitHostPort(b.redis.Addr) // FreePort has joined it
	args := []string{
		"-h", host, "-p", port, "-c", strconv.Itoa(b.connections), "-P", strconv.Itoa(pipeline),
		"-n", strconv.Itoa(scripts), "-r", chanceOf, "-q",
	}
	before, err := rig.Of(b.redis)
	if err != nil {
		return err
	}
	out, err := exec.CommandContext(ctx, "redis-benchmark", append(args, b.repeated(writes)...)...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("redis-benchmark: %w\n%s", err, out)
	}
	after, err := rig.Of(b.redis)
	if err != nil {
		return err
	}
	said := perSecond.FindAllSubmatch(out, -1)
	if len(said) == 0 {
		return fmt.Errorf("redis-benchmark says nothing of requests per second:\n%s", out)
	}
	rate, err := strconv.ParseFloat(string(said[len(said)-1][1]), 64)
	if err != nil {
		return fmt.Errorf("redis-benchmark: %w", err)
	}
	r.Pipeline, r.PerScript = pipeline, writes
	r.Bench = rate * float64(writes)
	used := after.CPU - before.CPU
	r.BenchCost = micros(used) / float64(scripts*writes)
	r.BenchBusy = used.Seconds() / (float64(scripts) / rate)
	return nil
}
