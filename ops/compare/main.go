package main

import (
	"context"
	"errors"
	"io"
	"slices"

	"chatnode/ops/rig"
)

func main() { rig.Main(command) }

// command runs one command line and returns its exit code. It writes the tables to out and the progress to log.
func command(ctx context.Context, args []string, out, log io.Writer) int {
	o := &options{}
	return rig.Command("compare", args, log, o.register, o.check, func() error {
		rows, err := runComparison(ctx, o, log)
		if err != nil {
			return err
		}
		writeTables(out, o, rows)
		if slices.ContainsFunc(rows, func(r Row) bool { return !r.OK }) {
			return errors.New("the loadtest found faults")
		}
		return nil
	})
}
