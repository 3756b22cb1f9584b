package node

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"syscall"
	"testing"
)

// Clients receive the description of a disk error, so it must not contain a path.
func TestDescribeLogError(t *testing.T) {
	for _, row := range []struct {
		err  error
		want string
	}{
		{fmt.Errorf("commit: %w", &fs.PathError{Op: "write", Path: "/data/log", Err: syscall.ENOSPC}), "disk of this node is full"},
		{fmt.Errorf("commit: %w", syscall.EDQUOT), "disk of this node is full"},
		{fmt.Errorf("commit: %w", &fs.PathError{Op: "sync", Path: "/data/log", Err: syscall.EIO}), "cannot write to its disk"},
		{errors.New("/data/log: unknown error"), "cannot write to its disk"},
	} {
		if got := describeLogError(row.err); !strings.Contains(got, row.want) || strings.Contains(got, "/data/log") {
			t.Errorf("%v: %q", row.err, got)
		}
	}
}
