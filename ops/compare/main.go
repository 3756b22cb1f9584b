package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"

	"chatnode/ops/rig"
)

func main() { rig.Main(command) }

// command runs one command line and returns its exit code. The tables go to out, all else to log.
func command(ctx context.Context, args []string, out, log io.Writer) int {
	return rig.Command(args, log, parse, func(o *options) error {
		rows, err := play(ctx, o, log)
		if err != nil {
			return err
		}
		writeTables(out, o, rows)
		if slices.ContainsFunc(rows, func(r Row) bool { return !r.OK }) {
			return errors.New("a run has found a fault")
		}
		return nil
	})
}

// play builds everything and plays all rounds.
func play(ctx context.Context, o *options, log io.Writer) (rows []Row, err error) {
	dir, err := os.MkdirTemp("", "compare-*")
	if err != nil {
		return nil, fmt.Errorf("a folder for the programs: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	fmt.Fprintln(log, "building")
	p, err := build(ctx, dir, o.profile != "")
	if err != nil {
		return nil, err
	}
	m := &match{options: o, programs: p, dir: dir, log: log, keep: func(r Row) error {
		rows = append(rows, r)
		return o.save(r)
	}}
	return rows, m.run(ctx)
}

// save adds a row to the file of -json.
func (o *options) save(r Row) (err error) {
	if o.json == "" {
		return nil
	}
	f, err := os.OpenFile(o.json, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return fmt.Errorf("-json: %w", err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	return json.NewEncoder(f).Encode(r)
}
