package main

import (
	"fmt"

	"github.com/alecthomas/kong"
)

// printHelp prints kong's help. That of chatnode itself is the list of commands and then every
// setting: those of the default command, which kong would only show for "chatnode serve".
func printHelp(options kong.HelpOptions, ctx *kong.Context) error {
	if command := ctx.Selected(); command != nil && (command.Name != "serve" || isNamed(ctx, command)) {
		return kong.DefaultHelpPrinter(options, ctx)
	}
	top, err := kong.Trace(ctx.Kong, []string{"serve"})
	if err != nil {
		return fmt.Errorf("find the settings: %w", err)
	}
	w := ctx.Stdout
	_, _ = fmt.Fprintf(w, "Usage: chatnode [command] [flags]\n\n%s\n\nCommands:\n", ctx.Model.Help)
	for _, child := range ctx.Model.Children {
		_, _ = fmt.Fprintf(w, "  %-8s  %s\n", child.Name, child.Help)
	}
	_, _ = fmt.Fprint(w, "\nRun \"chatnode <command> --help\" for the flags of a command.\n\n"+
		"Every setting of the node is a flag and an environment variable; the flag wins.\n")
	options.NoAppSummary = true
	return kong.DefaultHelpPrinter(options, top)
}

// isNamed says whether the command's name stands among the arguments; kong also selects the default command when none does.
func isNamed(ctx *kong.Context, command *kong.Command) bool {
	for _, arg := range ctx.Args {
		if arg == command.Name {
			return true
		}
	}
	return false
}
