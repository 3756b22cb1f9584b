package rollout

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// newVersion returns the program under another name.
func newVersion(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "chatnode-new")
	if err := os.Symlink(binary, path); err != nil {
		t.Fatal(err)
	}
	return path
}

// failingOn returns a version that does not start on one node.
func failingOn(t *testing.T, id string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "chatnode-failing")
	script := fmt.Sprintf("#!/bin/sh\n[ \"$INSTANCE_ID\" != %s ] || exit 3\nexec %s\n", id, binary)
	if err := os.WriteFile(path, []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	return path
}

// wantProgram fails the test unless the nodes run this program.
func (f *fleet) wantProgram(path string, ids ...string) {
	f.Helper()
	for _, id := range ids {
		if got := f.program(id); got != path || f.pid(id) == "" {
			f.Errorf("%s is %s, process %q; want %s", id, got, f.pid(id), path)
		}
	}
}

// wantDown fails the test if one of the nodes runs.
func (f *fleet) wantDown(ids ...string) {
	f.Helper()
	for _, id := range ids {
		if pid := f.pid(id); pid != "" {
			f.Errorf("%s still runs as %s", id, pid)
		}
	}
}
