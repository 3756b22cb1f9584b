package chaos

import (
	"encoding/json"
	"strings"
	"testing"

	"chatnode/ops/e2e/client"
)

// The frames of a small room: three messages, the third shown before it had its place.
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

	// A provisional message that turned out to be a retry of another one.
	takenBack = `{"type":"message_deleted","room":"global","messageId":"mX","takenBack":true}`
	// The room's history at 3, without the third message, which the node has not placed yet.
	page3less = `{"type":"message_history","room":"global","epoch":"e1","seq":3,"data":[{"seq":1,"id":"m1","message":"w1-000000"},{"seq":2,"id":"m2","message":"w2-000000"}]}`

	anew = "reconnect" // not a frame: the connection ends here
)

// seeing is a witness of these frames.
func seeing(t *testing.T, frames ...string) *witness {
	t.Helper()
	v := newWitness("the reader", "global")
	v.connected()
	for _, text := range frames {
		if text == anew {
			v.connected()
			continue
		}
		f := client.Frame{Raw: text}
		if err := json.Unmarshal([]byte(text), &f); err != nil {
			t.Fatal(err)
		}
		v.feed(f)
	}
	return v
}

// sound is a trial without a fault.
func sound(t *testing.T) trial {
	return trial{
		epoch: "e1",
		acked: []ack{
			{writer: "w1", text: "w1-000000", id: "m1", seq: 1, stored: "redis", conn: 1, tries: 1},
			{writer: "w1", text: "w1-000001", id: "m3", stored: "journal", conn: 1, tries: 1},
			{writer: "w2", text: "w2-000000", id: "m2", seq: 2, stored: "redis", conn: 1, tries: 2},
		},
		history: []client.Message{
			{Seq: 1, ID: "m1", Message: "w1-000000"}, {Seq: 2, ID: "m2", Message: "w2-000000"}, {Seq: 3, ID: "m3", Message: "w1-000001"},
		},
		readers: []*witness{
			seeing(t, joined0, page0, one, two, early, commit3),
			seeing(t, joined0, page0, one, early, anew, `{"type":"joined","room":"global","epoch":"e1","seq":1,"recovered":true}`, two, three),
			seeing(t, joined0, page0, one, two, early, resync, joined0, page3),
			seeing(t, joined0, page0, one, two, strings.Replace(early, "m3", "mX", 1), takenBack, three),
			seeing(t, joined0, page0, one, two, resync, joined0, page3less, early, commit3),
		},
	}
}

func TestAuditOfSoundTrial(t *testing.T) {
	v := audit(sound(t))
	if err := v.err(); err != nil {
		t.Error(err)
	}
	if v.acked != 3 || v.journal != 1 {
		t.Errorf("counted %d acknowledged and %d journal, want 3 and 1", v.acked, v.journal)
	}
}

// TestAuditFindsPlantedFaults: an oracle that finds nothing is worth nothing.
func TestAuditFindsPlantedFaults(t *testing.T) {
	for _, c := range []struct {
		name  string
		plant func(t *testing.T, c *trial)
		finds string
	}{
		{"lost", func(_ *testing.T, c *trial) { c.history = c.history[:2] }, "lost (of 3 acknowledged): w1-000001"},
		{"stored twice", func(_ *testing.T, c *trial) {
			c.history = append(c.history, client.Message{Seq: 4, ID: "m4", Message: "w1-000001"})
		}, "twice (of 3 acknowledged): w1-000001 at 3 and 4"},
		{"history out of order", func(_ *testing.T, c *trial) { c.history[0], c.history[1] = c.history[1], c.history[0] }, "history goes from 2 to 1"},
		{"a writer's messages swapped", func(_ *testing.T, c *trial) { c.acked[0], c.acked[1] = c.acked[1], c.acked[0] }, "which was written earlier"},
		{"stored elsewhere", func(_ *testing.T, c *trial) { c.acked[0].seq = 9 }, "acknowledged as m1 at 9, stored as m1 at 1"},
		{"shown and gone", func(_ *testing.T, c *trial) { c.history, c.acked = c.history[:2], c.acked[:1] }, "vanished (of 1 acknowledged): m3"},
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
		{"a place given twice", readerSees(joined0, page0, one, joined0, strings.ReplaceAll(page3, "m1", "mX")), "at e1/1 stood m1, now mX"},
		{"a place given twice, with a resync", readerSees(joined0, page0, one, resync, joined0, strings.ReplaceAll(page3, "m1", "mX")), "at e1/1 the reader saw m"},
		{"provisional and placed under another id", readerSees(joined0, page0, one, strings.Replace(early, "m3", "mX", 1), two, three), "w1-000001 as mX (provisional: true) and as m3"},
		{"shown again under another id", readerSees(joined0, page0, one, strings.ReplaceAll(two, "w2-000000", "w1-000000")), "twice: w1-000000 as m1 (provisional: false) and as m2"},
		{"unreadable", readerSees(joined0, page0, one, two, three, `{"type":"unreadable"}`), "unreadable frame"},
	} {
		t.Run(c.name, func(t *testing.T) {
			trial := sound(t)
			c.plant(t, &trial)
			if err := audit(trial).err(); err == nil || !strings.Contains(err.Error(), c.finds) {
				t.Errorf("found %v, want %q", err, c.finds)
			}
		})
	}
}

// readerSees plants a reader that was shown these frames.
func readerSees(frames ...string) func(*testing.T, *trial) {
	return func(t *testing.T, c *trial) {
		t.Helper()
		c.readers = append(c.readers, seeing(t, frames...))
	}
}
