package main

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"syscall"
	"time"

	"chatnode/actors/wire"
)

// Limits of a run. The ledger needs 12 bytes per message.
const (
	maxMessages   = 100_000_000
	maxDuration   = 24 * time.Hour
	maxClosedRate = 200_000 // messages per second that a closed loop has numbers for
	maxInFlight   = 1000    // per sender; must fit into the buffers of a socket, because the reader sends
	maxSize       = 1 << 20
	minSize       = 32 // bytes; space for the tag of the run and the number of the message

	spareFiles = 64 // file descriptors that are not connections
)

// check derives values from the flags. Its error joins all problems.
func (o *options) check() error {
	var errs []error
	fault := func(bad bool, format string, args ...any) {
		if bad {
			errs = append(errs, fmt.Errorf(format, args...))
		}
	}
	fault(o.Connections < 1, "-n must be at least 1")
	fault(o.Rooms < 1 || o.Rooms > max(o.Connections, 1), "-rooms must be 1 to -n")
	fault(!positive(o.ConnectRate), "-connect-rate must be above 0")
	fault(o.Dialing < 1, "-dialing must be at least 1")
	fault(o.Rate != 0 && !positive(o.Rate), "-rate must be 0 or above")
	fault(o.Size < minSize || o.Size > maxSize, "-size must be %d to %d", minSize, maxSize)
	fault(o.Duration <= 0 || o.Duration > maxDuration, "-duration must be above 0, and at most %v", maxDuration)
	fault(o.Drain <= 0 || o.Drain > time.Hour, "-drain must be above 0, and at most 1h")
	fault(o.SlowPause <= 0, "-slow-pause must be above 0")
	fault(o.Slow.of(o.Connections)+o.Silent.of(o.Connections) >= o.Connections && o.Connections > 0, "-slow and -silent must leave some connections that read as fast as they can")
	fault(o.Outstanding < 0 || o.Outstanding > maxInFlight, "-outstanding must be 0 to %d", maxInFlight)
	fault(o.RoomPrefix != "" && !wire.ValidRoom(o.RoomPrefix+strconv.Itoa(o.Rooms)), "-room-prefix: rooms are 1 to 64 letters, digits, dots, underscores or hyphens")
	if n := o.numbers(); n > maxMessages {
		fault(true, "-rate, or -outstanding, and -duration make %.0f messages; at most %d are possible", n, maxMessages)
	} else {
		o.messageCount = uint64(max(0, n))
	}
	var err error
	o.nodes, err = parseNodes(o.Addr, o.AllowRemote)
	errs = append(errs, err)
	o.sourceAddrs, err = parseSources(o.Sources)
	errs = append(errs, err, checkFiles(o.Connections))
	return errors.Join(errs...)
}

// numbers returns the largest number of messages of the run.
func (o *options) numbers() float64 {
	if o.Outstanding > 0 {
		return maxClosedRate * o.Duration.Seconds()
	}
	return o.Rate * o.Duration.Seconds()
}

func positive(f float64) bool { return f > 0 && !math.IsInf(f, 0) }

// checkFiles returns an error if the process may not open that many connections.
func checkFiles(connections int) error {
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
		return fmt.Errorf("ask for the limit of open files: %w", err)
	}
	if uint64(connections)+spareFiles > limit.Cur {
		return fmt.Errorf("-n %d: this process may open %d files; raise the limit (ulimit -n), or share the connections among several processes", connections, limit.Cur)
	}
	return nil
}

// share is a number, or a percentage of another number.
type share struct {
	text   string
	count  int
	factor float64
}

// String implements flag.Value.
func (s *share) String() string { return s.text }

// MarshalText implements encoding.TextMarshaler.
func (s share) MarshalText() ([]byte, error) { return []byte(s.text), nil }

// Set reads 12 or 1.5%.
func (s *share) Set(text string) error {
	percent, isShare := strings.CutSuffix(text, "%")
	f, err := strconv.ParseFloat(percent, 64)
	if err != nil || f < 0 || isShare && f > 100 || !isShare && f != math.Trunc(f) {
		return errors.New("must be a number, or a share from 0% to 100%")
	}
	*s = share{text: text, count: int(f)}
	if isShare {
		*s = share{text: text, factor: f / 100}
	}
	return nil
}

// of returns the share of n. A percentage above 0 is at least 1.
func (s *share) of(n int) int {
	return s.count + int(math.Ceil(s.factor*float64(n)))
}

// scatter returns the rank of number i of n when shares are assigned. Neighbours get distant ranks: with equal steps
// the selected clients could all be in the same few rooms.
func scatter(i, n int) int {
	const golden = 0.6180339887498949 // its multiples are spread as evenly as possible
	step := max(1, int(golden*float64(n)))
	for gcd(step, n) > 1 {
		step++
	}
	return i * step % n
}

func gcd(a, b int) int {
	for b > 0 {
		a, b = b, a%b
	}
	return a
}
