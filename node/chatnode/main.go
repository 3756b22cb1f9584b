package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"chatnode/node"

	"github.com/alecthomas/kong"
)

// Exit codes.
const (
	exitOK     = 0
	exitFailed = 1
	exitUsage  = 2   // the flags or the configuration are not valid
	exitForced = 130 // a second signal came during the shutdown
)

// A environment is what a command may touch of the process.
type environment struct {
	lookup node.Lookup
	stdout io.Writer
	stderr io.Writer
	build  builder
	exit   func(code int) // at once
}

// commands is the command line.
type commands struct {
	Serve   serveCommand   `cmd:"" default:"withargs" help:"Run the node. This is the default."`
	Token   tokenCommand   `cmd:"" help:"Print a token, signed with AUTH_JWT_SECRET."`
	Health  healthCommand  `cmd:"" help:"Ask a running node for its health; exit 0 or 1."`
	Version versionCommand `cmd:"" help:"Print the version."`
}

func main() {
	node.NameLogFields()
	w := &environment{lookup: os.LookupEnv, stdout: os.Stdout, stderr: os.Stderr, build: buildNode, exit: os.Exit}
	os.Exit(w.run(context.Background(), os.Args[1:]))
}

// run carries out the command that the arguments name, and returns the exit code.
func (w *environment) run(ctx context.Context, args []string) int {
	loader := node.NewLoader(w.lookup)
	helped := false
	options := append(
		loader.Options(), kong.Name("chatnode"), kong.Description("A chat node: one is a complete chat server, several at one Redis are one chat."),
		kong.Writers(w.stdout, w.stderr), kong.Exit(func(int) { helped = true }), kong.Help(printHelp), kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
		kong.BindTo(ctx, (*context.Context)(nil)), kong.Bind(w, loader),
	)
	parser, err := kong.New(&commands{}, options...)
	if err != nil {
		return w.fail(fmt.Errorf("build the command line: %w", err))
	}
	command, err := parser.Parse(args)
	switch {
	case helped:
		return exitOK
	case err != nil:
		return w.fail(usageError{err})
	}
	return w.fail(command.Run())
}

// A usageError is a mistake in the arguments.
type usageError struct{ error }

func (u usageError) Unwrap() error { return u.error }

// fail tells of an error, if there is one, and returns the exit code that goes with it.
func (w *environment) fail(err error) int {
	if err == nil {
		return exitOK
	}
	_, _ = fmt.Fprintf(w.stderr, "chatnode: %v\n", err) // nobody is left to hear that stderr is closed
	if _, ok := errors.AsType[usageError](err); ok {
		_, _ = fmt.Fprintln(w.stderr, "Run \"chatnode --help\" for the commands and all settings.")
		return exitUsage
	}
	if _, ok := errors.AsType[*node.ConfigError](err); ok {
		return exitUsage
	}
	return exitFailed
}
