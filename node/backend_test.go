package node

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"syscall"
	"testing"
)

// What is wrong with the disk is told to clients too: it names no path.
func TestExplainLog(t *testing.T) {
	for _, row := range []struct {
		err  error
		says string
	}{
		{fmt.Errorf("commit: %w", &fs.PathError{Op: "write", Path: "/data/log", Err: syscall.ENOSPC}), "disk of this node is full"},
		{fmt.Errorf("commit: %w", syscall.EDQUOT), "disk of this node is full"},
		{fmt.Errorf("commit: %w", &fs.PathError{Op: "sync", Path: "/data/log", Err: syscall.EIO}), "cannot write to its disk"},
		{errors.New("/data/log is odd"), "cannot write to its disk"},
	} {
		if got := explainLog(row.err); !strings.Contains(got, row.says) || strings.Contains(got, "/data/log") {
			t.Errorf("%v: %q", row.err, got)
		}
	}
}
