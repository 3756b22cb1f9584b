package boltlog_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"chatnode/actors/chat"
	"chatnode/transport/boltlog"
)

// TestDiskFull: on a full volume, Append fails and the acknowledged writes remain. Append works again when there is
// space.
func TestDiskFull(t *testing.T) {
	dir := smallVolume(t)
	ballast := filepath.Join(dir, "ballast")
	if err := os.WriteFile(ballast, make([]byte, 8<<20), 0o600); err != nil {
		t.Fatal(err)
	}
	log := open(t, boltlog.Options{Path: filepath.Join(dir, "data")})
	var acked []chat.Receipt
	var failed chat.Write
	for n := 0; failed.ID == ""; n++ {
		if n == 10000 {
			t.Fatal("the volume did not become full")
		}
		w := messageOf("a", n)
		w.Text = strings.Repeat("x", 2000)
		got, err := log.Append(context.Background(), []chat.Write{w})
		if err == nil {
			acked = append(acked, got[0])
			continue
		}
		if !errors.Is(err, syscall.ENOSPC) {
			t.Fatalf("append to a full volume: error %v, want %v", err, syscall.ENOSPC)
		}
		failed = w
	}
	verifyAll(t, log, acked)
	if _, err := log.Append(context.Background(), []chat.Write{failed}); err == nil {
		t.Fatal("append to a full volume succeeded")
	}
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	acked = append(acked, appendAll(t, log, failed)[0], appendAll(t, log, messageOf("a", 1<<20))[0])
	checkpoint(t, log)
	verifyAll(t, log, acked)
	closeLog(t, log)
	verifyAll(t, open(t, boltlog.Options{Path: filepath.Join(dir, "data")}), acked)
}

// verifyAll asserts that the room contains exactly the acknowledged writes.
func verifyAll(t *testing.T, log *boltlog.Log, acked []chat.Receipt) {
	t.Helper()
	p := page(t, log, chat.Query{Room: "a", Limit: 1 << 20})
	if len(p.Entries) != len(acked) {
		t.Fatalf("%d entries, want %d", len(p.Entries), len(acked))
	}
	for i, e := range p.Entries {
		if e.Seq != acked[i].Seq || e.ID != acked[i].ID || e.Seq != uint64(i+1) {
			t.Fatalf("entry %d is %s at seq %d, want %s at %d", i, e.ID, e.Seq, acked[i].ID, acked[i].Seq)
		}
	}
}

// smallVolume mounts a tmpfs of 16 MB.
func smallVolume(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=16m"); err != nil {
		t.Fatalf("mount tmpfs: %v; run the tests as root, or in a container with CAP_SYS_ADMIN", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, syscall.MNT_DETACH); err != nil {
			t.Errorf("unmount: %v", err)
		}
	})
	return dir
}
