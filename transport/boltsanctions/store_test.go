package boltsanctions_test

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"chatnode/actors/chat"
	"chatnode/transport/boltfile"
	"chatnode/transport/boltsanctions"
)

// clock is set by the tests.
type clock struct{ now time.Time }

func open(t *testing.T, dir string, c *clock) *boltsanctions.Store {
	t.Helper()
	s, err := boltsanctions.Open(boltsanctions.Options{Path: dir, Now: func() time.Time { return c.now }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return s
}

func list(t *testing.T, s *boltsanctions.Store, version string) (found []chat.Sanction, newVersion string, changed bool) {
	t.Helper()
	found, newVersion, changed, err := s.ListIfChanged(t.Context(), version)
	if err != nil {
		t.Fatal(err)
	}
	slices.SortFunc(found, func(a, b chat.Sanction) int { return strings.Compare(string(a.Kind), string(b.Kind)) })
	return found, newVersion, changed
}

func impose(t *testing.T, s *boltsanctions.Store, x chat.Sanction, d time.Duration) chat.Sanction {
	t.Helper()
	x, err := s.Impose(t.Context(), x, d)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func TestReopenLoadsSanctions(t *testing.T) {
	c, dir := &clock{time.UnixMilli(1_700_000_000_000)}, t.TempDir()
	s := open(t, dir, c)
	ban := impose(t, s, chat.Sanction{Kind: chat.Ban, Subject: "u:1", Reason: `sp"am`, By: "root"}, 0)
	slow := impose(t, s, chat.Sanction{Kind: chat.SlowMode, Subject: "lobby", By: "@key", PerUserMs: 5000}, time.Hour)
	if ban.Since != c.now.UnixMilli() || ban.Until != 0 || slow.Until != slow.Since+3_600_000 {
		t.Errorf("wrong times in %+v or %+v", ban, slow)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	got, _, changed := list(t, open(t, dir, c), "")
	if !changed || len(got) != 2 || got[0] != ban || got[1] != slow {
		t.Errorf("after reopening: %+v, want %+v", got, []chat.Sanction{ban, slow})
	}
}

func TestListIfChangedReportsOnce(t *testing.T) {
	c := &clock{time.UnixMilli(1_700_000_000_000)}
	s := open(t, t.TempDir(), c)
	_, version, changed := list(t, s, "")
	if !changed {
		t.Error("the first call reports no change")
	}
	impose(t, s, chat.Sanction{Kind: chat.Mute, Subject: "eve", By: "root"}, time.Second)
	got, imposed, changed := list(t, s, version)
	if !changed || len(got) != 1 {
		t.Errorf("after the mute: %+v, want one sanction", got)
	}
	if _, _, changed := list(t, s, imposed); changed {
		t.Error("a change was reported twice")
	}
	c.now = c.now.Add(time.Second)
	if got, _, changed := list(t, s, imposed); !changed || len(got) != 0 {
		t.Errorf("after the mute expired: %+v, changed %t, want an empty list", got, changed)
	}
}

func TestLift(t *testing.T) {
	c := &clock{time.UnixMilli(1_700_000_000_000)}
	s := open(t, t.TempDir(), c)
	impose(t, s, chat.Sanction{Kind: chat.Ban, Subject: "eve", By: "root"}, 0)
	impose(t, s, chat.Sanction{Kind: chat.Mute, Subject: "bob", By: "root"}, time.Second)
	c.now = c.now.Add(time.Minute)
	for _, want := range []struct {
		kind    chat.SanctionKind
		subject string
		found   bool
	}{{chat.Ban, "eve", true}, {chat.Ban, "eve", false}, {chat.Mute, "bob", false}, {chat.Mute, "eve", false}} {
		if found, err := s.Lift(t.Context(), want.kind, want.subject); err != nil || found != want.found {
			t.Errorf("lift %s of %s: found %t, error %v, want %t", want.kind, want.subject, found, err, want.found)
		}
	}
	if got, _, _ := list(t, s, ""); len(got) != 0 {
		t.Errorf("remaining sanctions: %+v", got)
	}
}

func TestImposeRejectsInvalid(t *testing.T) {
	s := open(t, t.TempDir(), &clock{time.UnixMilli(1)})
	for _, x := range []chat.Sanction{{}, {Kind: "exile", Subject: "u"}, {Kind: chat.Ban}} {
		if _, err := s.Impose(t.Context(), x, 0); err == nil {
			t.Errorf("invalid sanction %+v was accepted", x)
		}
	}
	if _, err := s.Impose(t.Context(), chat.Sanction{Kind: chat.Ban, Subject: "u"}, -1); err == nil {
		t.Error("a negative duration was accepted")
	}
}

func TestOpenErrors(t *testing.T) {
	dir := t.TempDir()
	open(t, dir, &clock{time.UnixMilli(1)})
	if _, err := boltsanctions.Open(boltsanctions.Options{Path: dir}); !errors.Is(err, boltfile.ErrLocked) {
		t.Errorf("locked file: error %v", err)
	}
	for want, content := range map[error]func(tx *bbolt.Tx) error{
		boltfile.ErrForeign: func(tx *bbolt.Tx) error { return put(tx, "meta", "format", "chatnode sanctions 2") },
		boltfile.ErrCorrupt: func(tx *bbolt.Tx) error { return put(tx, "sanctions", "ban:eve", "{") },
	} {
		dir := t.TempDir()
		db, err := bbolt.Open(filepath.Join(dir, "sanctions.db"), 0o600, nil)
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(db.Update(content), db.Close()); err != nil {
			t.Fatal(err)
		}
		if _, err := boltsanctions.Open(boltsanctions.Options{Path: dir}); !errors.Is(err, want) {
			t.Errorf("error %v, want %v", err, want)
		}
	}
	blocked := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(blocked, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := boltsanctions.Open(boltsanctions.Options{Path: blocked}); !errors.Is(err, boltfile.ErrFolder) {
		t.Errorf("file instead of folder: error %v", err)
	}
}

func put(tx *bbolt.Tx, bucket, name, value string) error {
	b, err := tx.CreateBucketIfNotExists([]byte(bucket))
	if err != nil {
		return err
	}
	return b.Put([]byte(name), []byte(value))
}
