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
	exitUsage  = 2   // invalid flags or configuration
	exitForced = 130 // second signal during the shutdown
)

// environment is the part of the process that commands use. Tests replace it.
type environment struct {
	lookup node.Lookup
	stdout io.Writer
	stderr io.Writer
	build  builder
	exit   func(code int) // exits immediately
}

// commands are the commands of the program.
type commands struct {
	Serve   serveCommand   `cmd:"" default:"withargs" help:"Run the node. This is the default."`
	Token   tokenCommand   `cmd:"" help:"Print a token signed with AUTH_JWT_SECRET."`
	Health  healthCommand  `cmd:"" help:"Check the health of a running node. Exit code 0: ready, 1: not ready."`
	Version versionCommand `cmd:"" help:"Print the version."`
}

func main() {
	node.NameLogFields()
	env := &environment{lookup: os.LookupEnv, stdout: os.Stdout, stderr: os.Stderr, build: buildNode, exit: os.Exit}
	os.Exit(env.run(context.Background(), os.Args[1:]))
}

// run executes the command in args and returns the exit code.
func (env *environment) run(ctx context.Context, args []string) int {
	loader := node.NewLoader(env.lookup)
	helpPrinted := false
	options := append(
		loader.Options(), kong.Name("chatnode"), kong.Description("Chat server. Runs as a single node, or as one of several nodes that share Redis."),
		kong.Writers(env.stdout, env.stderr), kong.Exit(func(int) { helpPrinted = true }), kong.Help(printHelp), kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
		kong.BindTo(ctx, (*context.Context)(nil)), kong.Bind(env, loader),
	)
	parser, err := kong.New(&commands{}, options...)
	if err != nil {
		return env.fail(fmt.Errorf("parse command line: %w", err))
	}
	command, err := parser.Parse(args)
	switch {
	case helpPrinted:
		return exitOK
	case err != nil:
		return env.fail(usageError{err})
	}
	return env.fail(command.Run())
}

// usageError is an error in the arguments.
type usageError struct{ error }

func (u usageError) Unwrap() error { return u.error }

// fail prints the error, unless it is nil, and returns the exit code. It ignores write errors, because it cannot
// report them.
func (env *environment) fail(err error) int {
	if err == nil {
		return exitOK
	}
	_, _ = fmt.Fprintf(env.stderr, "chatnode: %v\n", err)
	if _, ok := errors.AsType[usageError](err); ok {
		_, _ = fmt.Fprintln(env.stderr, "Run \"chatnode --help\" to list the commands and settings.")
		return exitUsage
	}
	if _, ok := errors.AsType[*node.ConfigError](err); ok {
		return exitUsage
	}
	return exitFailed
}
