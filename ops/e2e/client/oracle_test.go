package client

import (
	"encoding/json"
	"strings"
	"testing"
)

// The frames of a small room: three messages, the third shown as provisional first.
const (
	joined0 = `{"type":"joined","room":"global","epoch":"e1","seq":0}`
	page0   = `{"type":"message_history","room":"global","epoch":"e1","seq":0,"data":[]}`
	one     = `{"type":"new_message","room":"global","seq":1,"data":{"id":"m1","message":"w1-000000"}}`
	two     = `{"type":"new_message","room":"global","seq":2,"data":{"id":"m2","message":"w2-000000"}}`
	early   = `{"type":"new_message","room":"global","provisional":true,"data":{"id":"m3","message":"w1-000001"}}`
	commit3 = `{"type":"committed","room":"global","epoch":"e1","data":[{"id":"m3","seq":3}]}`
	three   = `{"type":"new_message","room":"global","seq":3,"data":{"id":"m3","message":"w1-000001"}}`
	resync  = `{"type":"resync","room":"global","epoch":"e1","why":"test"}`
	page3   = `{"type":"message_history","room":"global","epoch":"e1","seq":3,"data":[{"seq":1,"id":"m1","message":"w1-000000"},{"seq":2,"id":"m2","message":"w2-000000"},{"seq":3,"id":"m3","message":"w1-000001"}]}`

	// A provisional message that was a retry of another one.
	takenBack = `{"type":"message_deleted","room":"global","messageId":"mX","takenBack":true}`
	// The history at 3 without the third message, which has no seq at this node yet.
	page3less = `{"type":"message_history","room":"global","epoch":"e1","seq":3,"data":[{"seq":1,"id":"m1","message":"w1-000000"},{"seq":2,"id":"m2","message":"w2-000000"}]}`

	anew = "reconnect" // no frame: the connection ends here
)

// seeing returns a View of these frames.
func seeing(t *testing.T, frames ...string) *View {
	t.Helper()
	v := NewView("the reader", "global")
	v.Connected()
	for _, text := range frames {
		if text == anew {
			v.Connected()
			continue
		}
		f := Frame{Raw: text}
		if err := json.Unmarshal([]byte(text), &f); err != nil {
			t.Fatal(err)
		}
		v.Feed(f)
	}
	return v
}

// sound returns a Trial without a fault.
func sound(t *testing.T) Trial {
	return Trial{
		Epoch: "e1",
		Acked: []AckedWrite{
			{Writer: "w1", Text: "w1-000000", MessageID: "m1", Seq: 1, Stored: "redis", Conn: 1, Tries: 1},
			{Writer: "w1", Text: "w1-000001", MessageID: "m3", Stored: "journal", Conn: 1, Tries: 1},
			{Writer: "w2", Text: "w2-000000", MessageID: "m2", Seq: 2, Stored: "redis", Conn: 1, Tries: 2},
		},
		History: []Message{
			{Seq: 1, ID: "m1", Message: "w1-000000"}, {Seq: 2, ID: "m2", Message: "w2-000000"}, {Seq: 3, ID: "m3", Message: "w1-000001"},
		},
		Views: []*View{
			seeing(t, joined0, page0, one, two, early, commit3),
			seeing(t, joined0, page0, one, early, anew, `{"type":"joined","room":"global","epoch":"e1","seq":1,"recovered":true}`, two, three),
			seeing(t, joined0, page0, one, two, early, resync, joined0, page3),
			seeing(t, joined0, page0, one, two, strings.Replace(early, "m3", "mX", 1), takenBack, three),
			seeing(t, joined0, page0, one, two, resync, joined0, page3less, early, commit3),
		},
	}
}

// Edits and deletions have a seq, frames of other rooms do not count, and a provisional message can be deleted.
func TestViewAccepts(t *testing.T) {
	v := seeing(t, joined0, page0, one, `{"type":"message_updated","room":"global","seq":2,"data":{}}`, strings.Replace(three, "global", "other", 1),
		`{"type":"message_deleted","room":"global","seq":3,"messageId":"m1"}`, `{"type":"bulk_delete","room":"global","seq":4}`,
		early, `{"type":"message_deleted","room":"global","messageId":"m3"}`, strings.Replace(three, `"seq":3`, `"seq":5`, 1))
	if err := v.Err(); err != nil {
		t.Error(err)
	}
	if at, ok := v.LastPosition(); !ok || at != (Position{"e1", 5}) {
		t.Errorf("at %v, %t, want e1/5", at, ok)
	}
}

func TestAuditOfSoundTrial(t *testing.T) {
	r := Audit(sound(t))
	if err := r.Err(); err != nil {
		t.Error(err)
	}
	if r.Acked != 3 || r.Journal != 1 {
		t.Errorf("counted %d acknowledged and %d journal, want 3 and 1", r.Acked, r.Journal)
	}
}

// The audit finds each planted fault.
func TestAuditFindsPlantedFaults(t *testing.T) {
	for _, c := range []struct {
		name  string
		plant func(t *testing.T, c *Trial)
		finds string
	}{
		{"lost", func(_ *testing.T, c *Trial) { c.History = c.History[:2] }, "lost (of 3 acknowledged): w1-000001"},
		{"stored twice", func(_ *testing.T, c *Trial) {
			c.History = append(c.History, Message{Seq: 4, ID: "m4", Message: "w1-000001"})
		}, "twice (of 3 acknowledged): w1-000001 at 3 and 4"},
		{"history out of order", func(_ *testing.T, c *Trial) { c.History[0], c.History[1] = c.History[1], c.History[0] }, "history goes from 2 to 1"},
		{"a writer's messages swapped", func(_ *testing.T, c *Trial) { c.Acked[0], c.Acked[1] = c.Acked[1], c.Acked[0] }, "which was written earlier"},
		{"stored elsewhere", func(_ *testing.T, c *Trial) { c.Acked[0].Seq = 9 }, "acknowledged as m1 at 9, stored as m1 at 1"},
		{"shown and gone", func(_ *testing.T, c *Trial) { c.History, c.Acked = c.History[:2], c.Acked[:1] }, "vanished (of 1 acknowledged): m3"},
		{"shown twice", readerSees(joined0, page0, one, two, three, three), "twice: m3"},
		{"shown in its place and before it", readerSees(joined0, page0, one, two, early, three), "twice: m3"},
		{"provisional twice", readerSees(joined0, page0, one, two, early, early, commit3), "twice: m3"},
		{"a gap", readerSees(joined0, page0, one, three), "out of order: 3 after 1"},
		{"never shown", readerSees(joined0, page0, one, two), "unseen (of 3 acknowledged): m3"},
		{"place without message", readerSees(joined0, page0, one, two, commit3), "without having been shown: m3"},
		{"placed twice", readerSees(joined0, page0, one, two, early, commit3, commit3), "out of order: 3 after 3"},
		{"resumed too far", readerSees(joined0, page0, one, anew, `{"type":"joined","room":"global","epoch":"e1","seq":2,"recovered":true}`, three), "recovered to e1/2"},
		{"readers disagree", readerSees(joined0, page0, one,
			`{"type":"new_message","room":"global","seq":2,"data":{"id":"mX","message":"x"}}`, early, commit3), "saw"},
		{"a place given twice", readerSees(joined0, page0, one, joined0, strings.ReplaceAll(page3, "m1", "mX")), "e1/1 was m1, is mX"},
		{"a place given twice, with a resync", readerSees(joined0, page0, one, resync, joined0, strings.ReplaceAll(page3, "m1", "mX")), "at e1/1 the reader saw m"},
		{"provisional and placed under another id", readerSees(joined0, page0, one, strings.Replace(early, "m3", "mX", 1), two, three), "w1-000001 as mX (provisional: true) and as m3"},
		{"shown again under another id", readerSees(joined0, page0, one, strings.ReplaceAll(two, "w2-000000", "w1-000000")), "twice: w1-000000 as m1 (provisional: false) and as m2"},
		{"a live frame before the history", readerSees(joined0, one), "a live frame before the history"},
		{"a wrong number of missed messages", readerSees(joined0, page0, one, two, `{"type":"joined","room":"global","epoch":"e1","seq":4,"recovered":true,"missed":1}`), "with 1 missed"},
		{"resumed in another epoch", readerSees(joined0, page0, one, two, `{"type":"joined","room":"global","epoch":"e2","seq":2,"recovered":true}`), "recovered to e2/2"},
		{"a history that goes back", readerSees(joined0, page0, one, two, three, joined0, page0), "although 3 was shown"},
		{"unreadable", readerSees(joined0, page0, one, two, three, `{"type":"unreadable"}`), "unreadable frame"},
	} {
		t.Run(c.name, func(t *testing.T) {
			trial := sound(t)
			c.plant(t, &trial)
			if err := Audit(trial).Err(); err == nil || !strings.Contains(err.Error(), c.finds) {
				t.Errorf("found %v, want %q", err, c.finds)
			}
		})
	}
}

// readerSees plants a reader that was shown these frames.
func readerSees(frames ...string) func(*testing.T, *Trial) {
	return func(t *testing.T, c *Trial) {
		t.Helper()
		c.Views = append(c.Views, seeing(t, frames...))
	}
}
