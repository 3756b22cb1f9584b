package boltsanctions

import (
	"testing"
	"time"

	"chatnode/actors/chat"
)

// TestBansStayActiveOnFullVolume: an expired ban that cannot be removed from the file does not affect the other bans.
func TestBansStayActiveOnFullVolume(t *testing.T) {
	now := time.UnixMilli(1_700_000_000_000)
	s, err := Open(Options{Path: t.TempDir(), Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	for subject, span := range map[string]time.Duration{"temporary": time.Minute, "permanent": 0} {
		if _, err := s.Impose(t.Context(), chat.Sanction{Kind: chat.Ban, Subject: subject}, span); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.db.Close(); err != nil { // all writes fail now
		t.Fatal(err)
	}
	now = now.Add(time.Hour)
	list, version, changed, err := s.ListIfChanged(t.Context(), "")
	if err != nil || !changed || len(list) != 1 || list[0].Subject != "permanent" {
		t.Fatalf("list %+v, changed %t, error %v, want the permanent ban", list, changed, err)
	}
	if _, _, changed, err := s.ListIfChanged(t.Context(), version); err != nil || changed {
		t.Fatalf("second call: changed %t, error %v, want no change", changed, err)
	}
}
