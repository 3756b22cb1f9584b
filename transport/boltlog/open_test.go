package boltlog_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"chatnode/actors/chat"
	"chatnode/transport/boltfile"
	"chatnode/transport/boltlog"
)

// TestOpenErrors: an error of Open contains the path and the remedy, and wraps the error of its kind.
func TestOpenErrors(t *testing.T) {
	cases := []struct {
		name    string
		prepare func(t *testing.T, dir string) string // returns the folder to open
		kind    error
		text    string
	}{
		{"locked", func(t *testing.T, dir string) string { open(t, boltlog.Options{Path: dir}); return dir }, boltfile.ErrLocked, "stop the other chatnode"},
		{"below a file", func(t *testing.T, dir string) string { return filepath.Join(writeFile(t, dir, "plain", "x"), "data") }, boltfile.ErrFolder, "set another DATA_DIR"},
		{"folder instead of file", func(t *testing.T, dir string) string { return mkdir(t, dir, "chat.db") }, boltfile.ErrFolder, "set another DATA_DIR"},
		{"not a bbolt file", func(t *testing.T, dir string) string {
			writeFile(t, dir, "chat.db", strings.Repeat("junk", 5000))
			return dir
		}, boltfile.ErrCorrupt, "restore it from a backup"},
		{"short file", func(t *testing.T, dir string) string { writeFile(t, dir, "chat.db", "junk"); return dir }, boltfile.ErrCorrupt, "restore it from a backup"},
		{"truncated", func(t *testing.T, dir string) string { selectRange(t, filledLog(t, dir)); return dir }, boltfile.ErrCorrupt, "restore it from a backup"},
		{"pages overwritten", func(t *testing.T, dir string) string { scribble(t, filledLog(t, dir)); return dir }, boltfile.ErrCorrupt, "restore it from a backup"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			dir := c.prepare(t, t.TempDir())
			log, err := boltlog.Open(boltlog.Options{Path: dir})
			if err == nil {
				closeLog(t, log)
				t.Fatal("Open succeeded")
			}
			if !errors.Is(err, c.kind) || !strings.Contains(err.Error(), c.text) || !strings.Contains(err.Error(), dir) {
				t.Fatalf("error %q: want %q with %s and %q", err, c.kind, dir, c.text)
			}
		})
	}
}

func TestOpenCreatesFolders(t *testing.T) {
	log := open(t, boltlog.Options{Path: filepath.Join(t.TempDir(), "a", "b")})
	if got := appendAll(t, log, messageOf("a", 1))[0]; got.Seq != 1 {
		t.Fatalf("receipt %+v, want seq 1", got)
	}
}

func writeFile(t *testing.T, dir, name, content string) string {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func mkdir(t *testing.T, dir, name string) string {
	t.Helper()
	if err := os.Mkdir(filepath.Join(dir, name), 0o700); err != nil {
		t.Fatal(err)
	}
	return dir
}

// filledLog creates a log of a few hundred pages and returns its file.
func filledLog(t *testing.T, dir string) string {
	t.Helper()
	log, err := boltlog.Open(boltlog.Options{Path: dir})
	if err != nil {
		t.Fatal(err)
	}
	var batch []chat.Write
	for n := range 5000 {
		batch = append(batch, messageOf("a", n))
	}
	appendAll(t, log, batch...)
	closeLog(t, log)
	return filepath.Join(dir, "chat.db")
}

// cut leaves only the beginning of the pages in use.
func selectRange(t *testing.T, file string) {
	t.Helper()
	if err := os.Truncate(file, 512<<10); err != nil {
		t.Fatal(err)
	}
}

// scribble overwrites everything except the two meta pages.
func scribble(t *testing.T, file string) {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for i := 2 * os.Getpagesize(); i < len(b); i++ {
		b[i] = 0xA5
	}
	if err := os.WriteFile(file, b, 0o600); err != nil {
		t.Fatal(err)
	}
}
