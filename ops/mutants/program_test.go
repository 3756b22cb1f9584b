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
	root     = "../.."
	patience = 5 * time.Minute // that a compilation, or a run, may take on a busy machine
)

// command runs a program from the root of the tree and returns what it has printed.
func command(t *testing.T, name string, args ...string) (out string, err error) {
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	c := exec.CommandContext(ctx, name, args...)
	c.Dir = root
	b, err := c.CombinedOutput()
	return string(b), err
}

// compile makes the actors' test program, without the race detector: the simulation is one goroutine.
func compile(t *testing.T, flags ...string) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "actors.test")
	args := append([]string{"test", "-c", "-o", path, "-ldflags=-s -w"}, flags...)
	if out, err := command(t, "go", append(args, "./actors")...); err != nil {
		t.Fatalf("compile: %v\n%s", err, out)
	}
	return path
}

// plant writes the overlay that puts a mutant in the place of its file, as a flag for the compiler.
func (m *mutant) plant(t *testing.T) (flag string) {
	t.Helper()
	source, err := filepath.Abs(filepath.Join(root, m.file))
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(source)
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(string(text), m.was); n != 1 {
		t.Fatalf("stale: %s has %d places with the text that the mutant changes:\n%s", m.file, n, m.was)
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

// simulate runs seeds, and returns what the program says and whether it found nothing wrong.
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

// breached is all that was breached at the seed that a run has ended with.
func breached(out string) (ids []string) {
	for _, m := range another.FindAllStringSubmatch(out, -1) {
		ids = append(ids, m[1])
	}
	return ids
}

// killed is the seed that a run has ended with, and what was breached there.
func killed(out string) (seed int, what string) {
	m := breach.FindStringSubmatch(out)
	if m == nil {
		return 0, ""
	}
	seed, _ = strconv.Atoi(m[1])
	return seed, m[2]
}
