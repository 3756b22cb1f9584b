package boltjournal_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"chatnode/transport/boltjournal"
	"go.etcd.io/bbolt"
)

const fileName = "journal.db"

// TestOpenSaysWhatIsWrong: what keeps a journal from opening is said in a sentence with the path and
// what to do, and each cause is an error of its own.
func TestOpenSaysWhatIsWrong(t *testing.T) {
	cases := []struct {
		name    string
		prepare func(t *testing.T, dir string) string // returns the folder to open
		kind    error
		says    string
	}{
		{"locked", func(t *testing.T, dir string) string { open(t, boltjournal.Options{Path: dir}); return dir }, boltjournal.ErrLocked, "stop the other chatnode"},
		{"below a file", func(t *testing.T, dir string) string { return filepath.Join(write(t, dir, "plain", "x"), "data") }, boltjournal.ErrFolder, "set DATA_DIR"},
		{"a folder in its place", folderInItsPlace, boltjournal.ErrFolder, "set DATA_DIR"},
		{"a volume that is read-only", readOnly, boltjournal.ErrFolder, "this user may write to"},
		{"no journal", func(t *testing.T, dir string) string {
			write(t, dir, fileName, strings.Repeat("junk", 5000))
			return dir
		}, boltjournal.ErrCorrupt, "move it away"},
		{"a few bytes", func(t *testing.T, dir string) string { write(t, dir, fileName, "junk"); return dir }, boltjournal.ErrCorrupt, "move it away"},
		{"cut short", func(t *testing.T, dir string) string { return truncate(t, filled(t, dir)) }, boltjournal.ErrCorrupt, "move it away"},
		{"pages overwritten", func(t *testing.T, dir string) string { return scribble(t, filled(t, dir)) }, boltjournal.ErrCorrupt, "move it away"},
		{"one letter changed", func(t *testing.T, dir string) string { return misspell(t, filled(t, dir)) }, boltjournal.ErrCorrupt, "a record is damaged"},
		{"a write is missing", func(t *testing.T, dir string) string { return removeOne(t, filled(t, dir)) }, boltjournal.ErrCorrupt, "write 700 is missing"},
		{"another layout", anotherLayout, boltjournal.ErrForeign, "start the version that wrote it"},
	}
	kinds := []error{boltjournal.ErrLocked, boltjournal.ErrFolder, boltjournal.ErrCorrupt, boltjournal.ErrForeign}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			dir := c.prepare(t, t.TempDir())
			j, err := boltjournal.Open(boltjournal.Options{Path: dir})
			if err == nil {
				closeJournal(t, j)
				t.Fatal("it opened")
			}
			for _, kind := range kinds {
				if want := errors.Is(c.kind, kind); errors.Is(err, kind) != want {
					t.Errorf("error %q: is it %q? It should say %t", err, kind, want)
				}
			}
			if !strings.Contains(err.Error(), c.says) || !strings.Contains(err.Error(), dir) {
				t.Errorf("error %q: want one that names %s and says %q", err, dir, c.says)
			}
		})
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

func folderInItsPlace(t *testing.T, dir string) string {
	t.Helper()
	if err := os.Mkdir(filepath.Join(dir, fileName), 0o700); err != nil {
		t.Fatal(err)
	}
	return dir
}

func readOnly(t *testing.T, dir string) string {
	t.Helper()
	mount(t, dir, syscall.MS_RDONLY, "size=1m")
	return dir
}

// mount puts an empty volume in memory over the folder.
func mount(t *testing.T, dir string, flags uintptr, options string) {
	t.Helper()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", flags, options); err != nil {
		t.Fatalf("mount a small volume: %v: run the tests as root, or in a container with CAP_SYS_ADMIN", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, syscall.MNT_DETACH); err != nil {
			t.Errorf("unmount: %v", err)
		}
	})
}

// filled makes a journal of a few hundred pages and returns its folder.
func filled(t *testing.T, dir string) string {
	t.Helper()
	j, err := boltjournal.Open(boltjournal.Options{Path: dir})
	if err != nil {
		t.Fatal(err)
	}
	keep(t, j, some(1, 5000)...)
	closeJournal(t, j)
	return dir
}

// truncate leaves only the beginning of the pages in use.
func truncate(t *testing.T, dir string) string {
	t.Helper()
	if err := os.Truncate(filepath.Join(dir, fileName), 256<<10); err != nil {
		t.Fatal(err)
	}
	return dir
}

// scribble overwrites all but the two meta pages.
func scribble(t *testing.T, dir string) string {
	t.Helper()
	return rewrite(t, dir, func(b []byte) {
		for i := 2 * os.Getpagesize(); i < len(b); i++ {
			b[i] = 0xA5
		}
	})
}

// misspell changes one letter of one message wherever it stands, as no checksum of bbolt notices.
func misspell(t *testing.T, dir string) string {
	t.Helper()
	return rewrite(t, dir, func(b []byte) {
		text := []byte("text of m-4321")
		if !bytes.Contains(b, text) {
			t.Fatal("the file does not hold the text")
		}
		copy(b, bytes.ReplaceAll(b, text, []byte("test of m-4321")))
	})
}

func rewrite(t *testing.T, dir string, change func([]byte)) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(dir, fileName))
	if err != nil {
		t.Fatal(err)
	}
	change(b)
	write(t, dir, fileName, string(b))
	return dir
}

func removeOne(t *testing.T, dir string) string {
	t.Helper()
	return update(t, dir, func(tx *bbolt.Tx) error {
		return tx.Bucket([]byte("writes")).Delete([]byte{0, 0, 0, 0, 0, 0, 700 >> 8, 700 & 0xff})
	})
}

func anotherLayout(t *testing.T, dir string) string {
	t.Helper()
	return update(t, filled(t, dir), func(tx *bbolt.Tx) error {
		return tx.Bucket([]byte("meta")).Put([]byte("format"), []byte("chatnode-journal-0"))
	})
}

func update(t *testing.T, dir string, change func(*bbolt.Tx) error) string {
	t.Helper()
	db, err := bbolt.Open(filepath.Join(dir, fileName), 0o600, nil)
	if err == nil {
		err = errors.Join(db.Update(change), db.Close())
	}
	if err != nil {
		t.Fatal(err)
	}
	return dir
}
