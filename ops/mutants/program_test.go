package mutants

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
)

const (
	root        = "../.."
	waitTimeout = 5 * time.Minute // for a build or a run, on a busy machine
)

// command runs a program in the root of the tree and returns its output.
func command(t *testing.T, name string, args ...string) (out string, err error) {
	ctx, cancel := context.WithTimeout(t.Context(), waitTimeout)
	defer cancel()
	c := exec.CommandContext(ctx, name, args...)
	c.Dir = root
	b, err := c.CombinedOutput()
	return string(b), err
}

// compile builds the tests of the simulation without the race detector, because the simulation has one goroutine.
func compile(t *testing.T, flags ...string) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "actors.test")
	args := append([]string{"test", "-c", "-o", path, "-ldflags=-s -w"}, flags...)
	if out, err := command(t, "go", append(args, "./actors/simulation")...); err != nil {
		t.Fatalf("compile: %v\n%s", err, out)
	}
	return path
}

// plant writes the overlay that replaces a file by its mutant, and returns the flag of the compiler.
func (m *mutant) plant(t *testing.T) (flag string) {
	t.Helper()
	source, err := filepath.Abs(filepath.Join(root, "actors", m.file))
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(source)
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(string(text), m.was); n != 1 {
		t.Fatalf("stale: %s contains the text that the mutant changes %d times:\n%s", m.file, n, m.was)
	}
	dir := t.TempDir()
	copied, overlay := filepath.Join(dir, filepath.Base(source)), filepath.Join(dir, "overlay.json")
	write(t, copied, []byte(strings.Replace(string(text), m.was, m.is, 1)))
	table, err := json.Marshal(map[string]map[string]string{"Replace": {source: copied}})
	if err != nil {
		t.Fatal(err)
	}
	write(t, overlay, table)
	return "-overlay=" + overlay
}

func write(t *testing.T, name string, data []byte) {
	t.Helper()
	if err := os.WriteFile(name, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

// simulate runs seeds. It returns the output, and whether all passed.
func simulate(t *testing.T, program string, first, seeds int) (out string, sound bool) {
	t.Helper()
	out, err := command(t, program, "-test.run=^TestSimulation$", "-test.v",
		fmt.Sprint("-sim.first=", first), fmt.Sprint("-sim.seeds=", seeds))
	return out, err == nil
}

var (
	breach  = regexp.MustCompile(`seed (\d+) breaches: ([^\n]*)`)
	another = regexp.MustCompile(`(?m)(?:breaches: |^\s+)(INV-\d):`)
)

// violations returns the invariants that were violated at the last seed of a run.
func violations(out string) (ids []string) {
	for _, m := range another.FindAllStringSubmatch(out, -1) {
		ids = append(ids, m[1])
	}
	return ids
}

// failure returns the last seed of a run and what was violated there.
func failure(out string) (seed int, what string) {
	m := breach.FindStringSubmatch(out)
	if m == nil {
		return 0, ""
	}
	seed, _ = strconv.Atoi(m[1])
	return seed, m[2]
}
