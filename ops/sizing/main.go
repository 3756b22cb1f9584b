package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"time"

	"chatnode/ops/rig"
)

func main() { rig.Main(command) }

// command runs one command line and returns its exit code. The tables go to out, all else to log.
func command(ctx context.Context, args []string, out, log io.Writer) int {
	return rig.Command(args, log, parse, func(o *options) error {
		return run(ctx, o, "make sizing ARGS='"+strings.Join(args, " ")+"'", out, log)
	})
}

// run measures and checks where that is wanted, and prints the tables.
func run(ctx context.Context, o *options, commandLine string, out, log io.Writer) error {
	if o.measure || len(o.check) > 0 {
		from := Coefficient{Machine: machine(), Date: time.Now().UTC().Format(time.DateOnly), Command: commandLine}
		if err := work(ctx, o, from, log); err != nil {
			return err
		}
	}
	k, all, err := readCoefficients(o.coefficients)
	if err != nil {
		return err
	}
	rows, err := readChecked(o.dir)
	if err != nil {
		return err
	}
	tables := map[string]string{
		"coefficients": coefficientTable(all), "check": checkTable(k, rows), "plans": planTable(o, k),
	}
	if o.doc != "" {
		if err := writeDoc(o.doc, tables); err != nil {
			return err
		}
	}
	switch {
	case o.measure || len(o.check) > 0:
		_, err = fmt.Fprintf(out, "%s\n%s", tables["coefficients"], tables["check"])
	default:
		_, err = fmt.Fprint(out, tables["plans"])
	}
	return err
}

// work measures and checks. What it wrote is read from then on.
func work(ctx context.Context, o *options, from Coefficient, log io.Writer) (err error) {
	b, err := newBench(ctx, log)
	if b != nil {
		defer func() { err = errors.Join(err, b.close()) }()
	}
	if err != nil {
		return err
	}
	file := filepath.Join(o.dir, "coefficients.json")
	if o.measure {
		k, err := b.measure(ctx)
		if err != nil {
			return err
		}
		if err := writeCoefficients(file, k, from); err != nil {
			return err
		}
		o.coefficients = file
	}
	for _, n := range o.check {
		row, err := b.check(ctx, n, from)
		if err != nil {
			return err
		}
		if err := writeChecked(o.dir, row); err != nil {
			return err
		}
	}
	return nil
}
