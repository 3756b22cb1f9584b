package boltsanctions

import (
	"testing"
	"time"

	"chatnode/actors/chat"
)

// TestBansHoldOnAFullVolume: that a ban which has lapsed cannot be taken out of the file keeps no other ban from
// being obeyed.
func TestBansHoldOnAFullVolume(t *testing.T) {
	now := time.UnixMilli(1_700_000_000_000)
	s, err := Open(Options{Path: t.TempDir(), Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	for subject, span := range map[string]time.Duration{"lapses": time.Minute, "lasts": 0} {
		if _, err := s.Impose(t.Context(), chat.Sanction{Kind: chat.Ban, Subject: subject}, span); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.db.Close(); err != nil { // nothing can be written any more
		t.Fatal(err)
	}
	now = now.Add(time.Hour)
	list, version, changed, err := s.ListIfChanged(t.Context(), "")
	if err != nil || !changed || len(list) != 1 || list[0].Subject != "lasts" {
		t.Fatalf("the bans are %+v, %t, %v", list, changed, err)
	}
	if _, _, changed, err := s.ListIfChanged(t.Context(), version); err != nil || changed {
		t.Fatalf("nothing has changed since, and Changed says %t, %v", changed, err)
	}
}
