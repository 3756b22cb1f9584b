package chaos

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"chatnode/ops/e2e/client"
)

// Journals that are full: a write that a journal cannot store must not be acknowledged.
var diskFaults = []fault{
	{name: "disk full under the journal", redis: kept, causes: []string{unreachable}, run: func(w *world) {
		for _, n := range w.Nodes {
			n.Kill()
			n.Env["DATA_DIR"] = volume(w.T, "size=16m")
			n.Restart(w.T)
		}
		w.flows(20)
		w.strike()
		w.redis.Kill()
		w.journals()
		for _, n := range w.Nodes {
			fill(w.T, n.Env["DATA_DIR"])
		}
		w.refuses()
		w.lasts(time.Second)
		for _, n := range w.Nodes {
			if err := os.Remove(ballast(n.Env["DATA_DIR"])); err != nil {
				w.Fatal(err)
			}
		}
		w.flows(40)
		w.redis.Restart(w.T)
		w.cure()
	}},
	{
		name: "journal full (JOURNAL_MAX_BYTES)", redis: kept, causes: []string{unreachable},
		load: load{writers: 3, interval: 10 * time.Millisecond, padding: 1900}, env: map[string]string{"JOURNAL_MAX_BYTES": "1048576"},
		run: func(w *world) {
			w.redis.Kill()
			w.refuses()
			w.lasts(time.Second)
			w.redis.Restart(w.T)
			w.cure()
		},
	},
}

// refuses waits until each writer has received 5 more errors that allow a retry.
func (w *world) refuses() {
	w.Helper()
	for _, writer := range w.writers {
		before := retries(writer)
		eventually(w.T, "a writer is refused", func() bool { return retries(writer) >= before+5 })
	}
}

// retries counts the errors that allow a retry.
func retries(writer *client.Writer) (n int) {
	for _, times := range writer.Answers() {
		n += times
	}
	return n
}

// volume mounts a small file system.
func volume(t *testing.T, options string) string {
	t.Helper()
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, options); err != nil {
		t.Fatalf("mount a small volume: %v: run the tests as root, or in a container with CAP_SYS_ADMIN", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, syscall.MNT_DETACH); err != nil {
			t.Errorf("unmount: %v", err)
		}
	})
	return dir
}

func ballast(dir string) string { return filepath.Join(dir, "ballast") }

// fill uses all free space.
func fill(t *testing.T, dir string) {
	t.Helper()
	f, err := os.Create(ballast(dir))
	if err != nil {
		t.Fatalf("make the ballast: %v", err)
	}
	defer f.Close()
	chunk := []byte(strings.Repeat("b", 4096))
	for err == nil {
		_, err = f.Write(chunk)
	}
	if !errors.Is(err, syscall.ENOSPC) {
		t.Fatalf("fill the volume: %v", err)
	}
}
