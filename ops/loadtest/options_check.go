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

// Bounds of a run. The ledger takes 12 bytes a message.
const (
	maxMessages = 100_000_000
	maxDuration = 24 * time.Hour
	closedMost  = 200_000 // messages a second that a closed loop is given numbers for
	maxInFlight = 1000    // of a sender: what fits into the buffers of a socket, for its reader sends
	maxSize     = 1 << 20
	minSize     = 32 // the run's tag and the message's number fit

	spareFiles = 64 // file descriptors for everything but connections
)

// check fills in what follows from the flags. Its error joins everything that is wrong.
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

// numbers is how many messages the run may have.
func (o *options) numbers() float64 {
	if o.Outstanding > 0 {
		return closedMost * o.Duration.Seconds()
	}
	return o.Rate * o.Duration.Seconds()
}

func positive(f float64) bool { return f > 0 && !math.IsInf(f, 0) }

// checkFiles says when the system will not let this process open so many connections.
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

// A share is a number, or a part of another number.
type share struct {
	text   string
	count  int
	factor float64
}

// String is the share as it was given.
func (s *share) String() string { return s.text }

// MarshalText is the share as it was given.
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

// of is how many of n the share is; a share above 0 of something is at least 1.
func (s *share) of(n int) int {
	return s.count + int(math.Ceil(s.factor*float64(n)))
}

// scatter gives number i of n its place in the order in which shares are dealt. Neighbours there are far
// apart: picked at even distances they could all be in the same few rooms.
func scatter(i, n int) int {
	const golden = 0.6180339887498949 // multiples of it fall as far apart as can be
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
