package rig

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
)

// Exit codes of a command.
const (
	ExitOK     = 0
	ExitFailed = 1 // a run could not be made, or found a fault
	ExitUsage  = 2
)

// Main runs a command and ends the process with its exit code. The first signal (SIGINT, SIGTERM) ends ctx,
// the second one the process.
func Main(command func(ctx context.Context, args []string, out, log io.Writer) (code int)) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop)
	os.Exit(command(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// Command parses a command line and runs what it says. What run complains of goes to log; parse has said
// by itself what is wrong.
func Command[O any](args []string, log io.Writer, parse func([]string, io.Writer) (O, error), run func(O) error) (code int) {
	o, err := parse(args, log)
	if errors.Is(err, flag.ErrHelp) {
		return ExitOK
	}
	if err != nil {
		return ExitUsage
	}
	if err := run(o); err != nil {
		fmt.Fprintln(log, err)
		return ExitFailed
	}
	return ExitOK
}
