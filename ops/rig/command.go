package rig

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"syscall"
)

// Exit codes of a command.
const (
	ExitOK     = 0
	ExitFailed = 1 // a run failed or found a fault
	ExitUsage  = 2
)

// Main runs command and ends the process with its exit code. The first SIGINT or SIGTERM cancels ctx, the second
// one ends the process.
func Main(command func(ctx context.Context, args []string, out, log io.Writer) (code int)) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop)
	os.Exit(command(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// Command registers the flags of o, parses args, and calls check and run. It writes errors to log and returns the
// exit code.
func Command(name string, args []string, log io.Writer, register func(*flag.FlagSet), check, run func() error) (code int) {
	fs := flag.NewFlagSet(name, flag.ContinueOnError)
	fs.SetOutput(log)
	register(fs)
	if err := fs.Parse(args); errors.Is(err, flag.ErrHelp) {
		return ExitOK
	} else if err != nil {
		return ExitUsage // Parse has written the error
	}
	err := check()
	if fs.NArg() > 0 {
		err = errors.Join(err, fmt.Errorf("unexpected argument %q", fs.Arg(0)))
	}
	if err != nil {
		fmt.Fprintln(log, err)
		return ExitUsage
	}
	if err := run(); err != nil {
		fmt.Fprintln(log, err)
		return ExitFailed
	}
	return ExitOK
}

// Numbers is a flag with comma-separated numbers above 0. An empty text is an empty list.
type Numbers []float64

// String returns the list as Set accepts it.
func (n *Numbers) String() string {
	return strings.ReplaceAll(strings.Trim(fmt.Sprint(*n), "[]"), " ", ",")
}

// Set replaces the list.
func (n *Numbers) Set(text string) error {
	*n = nil
	for part := range strings.FieldsFuncSeq(text, func(r rune) bool { return r == ',' || r == ' ' }) {
		v, err := strconv.ParseFloat(part, 64)
		if err != nil || !(v > 0) {
			return fmt.Errorf("%q is not a number above 0", part)
		}
		*n = append(*n, v)
	}
	return nil
}
