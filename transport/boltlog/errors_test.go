package boltlog_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"chatnode/actors/chat"
	"chatnode/transport/boltlog"
)

// TestOpenSaysWhatIsWrong: what keeps a log from opening is said in a sentence with the path and what to do.
func TestOpenSaysWhatIsWrong(t *testing.T) {
	cases := []struct {
		name    string
		prepare func(t *testing.T, dir string) string // returns the folder to open
		kind    error
		says    string
	}{
		{"locked", func(t *testing.T, dir string) string { open(t, boltlog.Options{Path: dir}); return dir }, boltlog.ErrLocked, "stop the other chatnode"},
		{"below a file", func(t *testing.T, dir string) string { return filepath.Join(write(t, dir, "plain", "x"), "data") }, boltlog.ErrFolder, "set DATA_DIR"},
		{"a folder in its place", func(t *testing.T, dir string) string { return mkdir(t, dir, "chat.db") }, boltlog.ErrFolder, "set DATA_DIR"},
		{"no log", func(t *testing.T, dir string) string {
			write(t, dir, "chat.db", strings.Repeat("junk", 5000))
			return dir
		}, boltlog.ErrCorrupt, "restore it from a backup"},
		{"a few bytes", func(t *testing.T, dir string) string { write(t, dir, "chat.db", "junk"); return dir }, boltlog.ErrCorrupt, "restore it from a backup"},
		{"cut short", func(t *testing.T, dir string) string { cut(t, filled(t, dir)); return dir }, boltlog.ErrCorrupt, "restore it from a backup"},
		{"overwritten in the middle", func(t *testing.T, dir string) string { scribble(t, filled(t, dir)); return dir }, boltlog.ErrCorrupt, "restore it from a backup"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			dir := c.prepare(t, t.TempDir())
			log, err := boltlog.Open(boltlog.Options{Path: dir})
			if err == nil {
				closeLog(t, log)
				t.Fatal("it opened")
			}
			if !errors.Is(err, c.kind) || !strings.Contains(err.Error(), c.says) || !strings.Contains(err.Error(), dir) {
				t.Fatalf("error %q: want %q, naming %s and saying %q", err, c.kind, dir, c.says)
			}
		})
	}
}

func TestOpenMakesTheFolder(t *testing.T) {
	log := open(t, boltlog.Options{Path: filepath.Join(t.TempDir(), "a", "b")})
	if got := appendAll(t, log, say("a", 1))[0]; got.Seq != 1 {
		t.Fatalf("receipt %+v, want seq 1", got)
	}
}

func write(t *testing.T, dir, name, content string) string {
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

// filled makes a log of a few hundred pages and returns its file.
func filled(t *testing.T, dir string) string {
	t.Helper()
	log, err := boltlog.Open(boltlog.Options{Path: dir})
	if err != nil {
		t.Fatal(err)
	}
	var batch []chat.Write
	for n := range 5000 {
		batch = append(batch, say("a", n))
	}
	appendAll(t, log, batch...)
	closeLog(t, log)
	return filepath.Join(dir, "chat.db")
}

// cut leaves only the beginning of the pages in use.
func cut(t *testing.T, file string) {
	t.Helper()
	if err := os.Truncate(file, 512<<10); err != nil {
		t.Fatal(err)
	}
}

// scribble overwrites all but the two meta pages.
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
