package boltjournal_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"chatnode/transport/boltfile"
	"chatnode/transport/boltjournal"

	"go.etcd.io/bbolt"
)

const fileName = "journal.db"

// TestOpenErrors: an error of Open contains the path and the remedy, and wraps the error of its kind only.
func TestOpenErrors(t *testing.T) {
	cases := []struct {
		name    string
		prepare func(t *testing.T, dir string) string // returns the folder to open
		kind    error
		text    string
	}{
		{"locked", func(t *testing.T, dir string) string { open(t, boltjournal.Options{Path: dir}); return dir }, boltfile.ErrLocked, "stop the other chatnode"},
		{"below a file", func(t *testing.T, dir string) string { return filepath.Join(write(t, dir, "plain", "x"), "data") }, boltfile.ErrFolder, "set another DATA_DIR"},
		{"folder instead of file", folderInsteadOfFile, boltfile.ErrFolder, "set another DATA_DIR"},
		{"read-only volume", readOnly, boltfile.ErrFolder, "folder with write permission"},
		{"not a bbolt file", func(t *testing.T, dir string) string {
			write(t, dir, fileName, strings.Repeat("junk", 5000))
			return dir
		}, boltfile.ErrCorrupt, "move it away"},
		{"short file", func(t *testing.T, dir string) string { write(t, dir, fileName, "junk"); return dir }, boltfile.ErrCorrupt, "move it away"},
		{"truncated", func(t *testing.T, dir string) string { return truncate(t, filled(t, dir)) }, boltfile.ErrCorrupt, "move it away"},
		{"pages overwritten", func(t *testing.T, dir string) string { return scribble(t, filled(t, dir)) }, boltfile.ErrCorrupt, "move it away"},
		{"changed letter", func(t *testing.T, dir string) string { return misspell(t, filled(t, dir)) }, boltfile.ErrCorrupt, "record damaged"},
		{"missing write", func(t *testing.T, dir string) string { return removeOne(t, filled(t, dir)) }, boltfile.ErrCorrupt, "write 700: not found"},
		{"another format", anotherFormat, boltfile.ErrForeign, "start the version that wrote it"},
	}
	kinds := []error{boltfile.ErrLocked, boltfile.ErrFolder, boltfile.ErrCorrupt, boltfile.ErrForeign}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			dir := c.prepare(t, t.TempDir())
			j, err := boltjournal.Open(boltjournal.Options{Path: dir})
			if err == nil {
				closeJournal(t, j)
				t.Fatal("Open succeeded")
			}
			for _, kind := range kinds {
				if want := errors.Is(c.kind, kind); errors.Is(err, kind) != want {
					t.Errorf("error %q: wraps %q is %t, want %t", err, kind, !want, want)
				}
			}
			if !strings.Contains(err.Error(), c.text) || !strings.Contains(err.Error(), dir) {
				t.Errorf("error %q does not contain %s and %q", err, dir, c.text)
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

func folderInsteadOfFile(t *testing.T, dir string) string {
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

// mount mounts an empty tmpfs on the folder.
func mount(t *testing.T, dir string, flags uintptr, options string) {
	t.Helper()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", flags, options); err != nil {
		t.Fatalf("mount tmpfs: %v; run the tests as root, or in a container with CAP_SYS_ADMIN", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, syscall.MNT_DETACH); err != nil {
			t.Errorf("unmount: %v", err)
		}
	})
}

// filled creates a journal of a few hundred pages and returns its folder.
func filled(t *testing.T, dir string) string {
	t.Helper()
	j, err := boltjournal.Open(boltjournal.Options{Path: dir})
	if err != nil {
		t.Fatal(err)
	}
	mustAppend(t, j, writesFrom(1, 5000)...)
	closeJournal(t, j)
	return dir
}

// truncate keeps only the first of the pages in use.
func truncate(t *testing.T, dir string) string {
	t.Helper()
	if err := os.Truncate(filepath.Join(dir, fileName), 256<<10); err != nil {
		t.Fatal(err)
	}
	return dir
}

// scribble overwrites everything except the two meta pages.
func scribble(t *testing.T, dir string) string {
	t.Helper()
	return rewrite(t, dir, func(b []byte) {
		for i := 2 * os.Getpagesize(); i < len(b); i++ {
			b[i] = 0xA5
		}
	})
}

// misspell changes one letter of one message at all places, which the checksums of bbolt do not detect.
func misspell(t *testing.T, dir string) string {
	t.Helper()
	return rewrite(t, dir, func(b []byte) {
		text := []byte("text of m-4321")
		if !bytes.Contains(b, text) {
			t.Fatal("the file does not contain the text")
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

func anotherFormat(t *testing.T, dir string) string {
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
