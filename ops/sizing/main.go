package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"chatnode/ops/rig"
)

func main() { rig.Main(command) }

// command runs one command line and returns its exit code. It writes the tables to out and the progress to log.
func command(ctx context.Context, args []string, out, log io.Writer) int {
	o := &options{}
	return rig.Command("sizing", args, log, o.register, o.validate, func() error {
		return run(ctx, o, "make sizing ARGS='"+strings.Join(args, " ")+"'", out, log)
	})
}

// run measures if requested, and writes the tables.
func run(ctx context.Context, o *options, commandLine string, out, log io.Writer) error {
	m, err := readMeasured()
	if err != nil {
		return err
	}
	measures := o.measure || len(o.check) > 0
	if measures {
		b := &bench{Bench: rig.NewBench(ctx, log)}
		defer b.Close()
		if o.measure {
			m.Coefficients.set(b.measure(), commandLine)
		}
		if len(o.check) > 0 {
			m.Clusters.set(b.check(o.check), commandLine)
		}
		if err := b.Err(); err != nil {
			return err
		}
		if err := m.write(); err != nil {
			return err
		}
	}
	tables := m.tables(o)
	if o.doc != "" {
		if err := writeDoc(o.doc, tables); err != nil {
			return err
		}
	}
	if measures {
		_, err = fmt.Fprintf(out, "%s\n%s", tables["coefficients"], tables["check"])
	} else {
		_, err = fmt.Fprint(out, tables["plans"])
	}
	return err
}

// writeDoc replaces the tables of a document, each between <!-- sizing:name --> and <!-- /sizing:name -->.
func writeDoc(path string, tables map[string]string) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("-doc: %w", err)
	}
	doc := string(text)
	for name, table := range tables {
		begin, end := "<!-- sizing:"+name+" -->\n", "<!-- /sizing:"+name+" -->\n"
		before, rest, ok1 := strings.Cut(doc, begin)
		_, after, ok2 := strings.Cut(rest, end)
		if !ok1 || !ok2 {
			return errors.New("-doc: " + path + " has no place for the table " + name)
		}
		doc = before + begin + table + end + after
	}
	return os.WriteFile(path, []byte(doc), 0o644)
}
