package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"

	"chatnode/ops/loadtest/plot"
	"chatnode/ops/rig"
)

// Exit codes.
const (
	exitOK     = 0
	exitFailed = 1 // a message was lost, duplicated or out of order, or could not be checked
	exitUsage  = 2
)

func main() {
	rig.Main(func(ctx context.Context, args []string, out, log io.Writer) (code int) {
		return command(ctx, args, os.Getenv, out, log)
	})
}

// command runs one command line and returns its exit code. The report goes to out, everything else to log.
func command(ctx context.Context, args []string, getenv func(string) string, out, log io.Writer) int {
	o, err := parse(args, getenv, log)
	if errors.Is(err, flag.ErrHelp) {
		return exitOK
	}
	if err != nil {
		return exitUsage
	}
	jsonFile, plotFile, err := create(o.JSON, o.Plot)
	if err != nil {
		fmt.Fprintln(log, err)
		return exitUsage
	}
	r, err := newRun(o, log).do(ctx)
	if err == nil {
		err = errors.Join(r.writeTable(out), save(jsonFile, r.writeJSON), save(plotFile, r.writePlot))
	}
	if err != nil {
		fmt.Fprintln(log, err)
		return exitFailed
	}
	if !r.OK {
		return exitFailed
	}
	return exitOK
}

// create opens the files of the report before the run, so that no run is wasted.
func create(jsonPath, plotPath string) (jsonFile, plotFile *os.File, err error) {
	if jsonPath != "" {
		if jsonFile, err = os.Create(jsonPath); err != nil {
			return nil, nil, fmt.Errorf("-json: %w", err)
		}
	}
	if plotPath != "" {
		if plotFile, err = os.Create(plotPath); err != nil {
			return nil, nil, fmt.Errorf("-plot: %w", err)
		}
	}
	return jsonFile, plotFile, nil
}

// save writes and closes a file of the report. f may be nil.
func save(f *os.File, write func(io.Writer) error) error {
	if f == nil {
		return nil
	}
	return errors.Join(write(f), f.Close())
}

func (r *report) writePlot(w io.Writer) error {
	c := plot.Chart{
		Title: "Delivery latency",
		Subtitle: fmt.Sprintf("%d connections, %d rooms, %s of %d bytes; %d deliveries, p50 %.2f ms, p99 %.2f ms",
			r.Options.Connections, r.Options.Rooms, r.Options.pace(), r.Options.Size, r.Delivery.Count, r.Delivery.P50, r.Delivery.P99),
	}
	for _, s := range r.samples {
		c.Points = append(c.Points, plot.Point{At: s.At, P50: s.P50, P99: s.P99, Rate: s.Deliveries})
	}
	return c.Render(w)
}
