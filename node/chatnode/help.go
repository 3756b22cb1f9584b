package main

import (
	"fmt"

	"github.com/alecthomas/kong"
)

// printHelp prints the help of a command, or of chatnode: the commands, and the settings of the default command, which
// kong prints only for "chatnode serve".
func printHelp(options kong.HelpOptions, ctx *kong.Context) error {
	if command := ctx.Selected(); command != nil && (command.Name != "serve" || isNamed(ctx, command)) {
		return kong.DefaultHelpPrinter(options, ctx)
	}
	top, err := kong.Trace(ctx.Kong, []string{"serve"})
	if err != nil {
		return fmt.Errorf("list settings: %w", err)
	}
	out := ctx.Stdout
	_, _ = fmt.Fprintf(out, "Usage: chatnode [command] [flags]\n\n%s\n\nCommands:\n", ctx.Model.Help)
	for _, child := range ctx.Model.Children {
		_, _ = fmt.Fprintf(out, "  %-8s  %s\n", child.Name, child.Help)
	}
	_, _ = fmt.Fprint(out, "\nRun \"chatnode <command> --help\" for the flags of a command.\n\n"+
		"Each setting of the node is a flag and an environment variable. The flag has precedence.\n")
	options.NoAppSummary = true
	return kong.DefaultHelpPrinter(options, top)
}

// isNamed reports whether the arguments contain the name of the command. kong also selects the default command without
// its name.
func isNamed(ctx *kong.Context, command *kong.Command) bool {
	for _, arg := range ctx.Args {
		if arg == command.Name {
			return true
		}
	}
	return false
}
