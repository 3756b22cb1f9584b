package disk

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// TestChecksum compares with the check value of CRC-32C.
func TestChecksum(t *testing.T) {
	if got := Checksum([]byte("123456789")); got != 0xE3069283 {
		t.Errorf("checksum %#x, want 0xE3069283", got)
	}
}

func TestSyncFolder(t *testing.T) {
	dir := t.TempDir()
	if err := SyncFolder(dir); err != nil {
		t.Error(err)
	}
	if err := SyncFolder(filepath.Join(dir, "missing")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("error %v, want %v", err, os.ErrNotExist)
	}
}

func TestIsFull(t *testing.T) {
	for err, want := range map[error]bool{
		fmt.Errorf("write: %w", syscall.ENOSPC): true,
		fmt.Errorf("write: %w", syscall.EDQUOT): true,
		syscall.EIO:                             false,
	} {
		if got := IsFull(err); got != want {
			t.Errorf("IsFull(%v) is %t, want %t", err, got, want)
		}
	}
}
