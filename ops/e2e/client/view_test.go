package client

import (
	"encoding/json"
	"strings"
	"testing"
)

func feed(t *testing.T, frames ...string) *View {
	t.Helper()
	v := NewView("r")
	for _, text := range frames {
		f := Frame{Raw: text}
		if err := json.Unmarshal([]byte(text), &f); err != nil {
			t.Fatal(err)
		}
		v.Feed(f)
	}
	return v
}

const (
	joinedFresh = `{"type":"joined","room":"r","epoch":"e1","seq":2,"recovered":false}`
	historyTo2  = `{"type":"message_history","room":"r","epoch":"e1","seq":2,"data":[{"seq":2,"id":"m2","message":"two"}]}`
	message3    = `{"type":"new_message","room":"r","seq":3,"data":{"id":"m3","message":"three"}}`
	message4    = `{"type":"new_message","room":"r","seq":4,"data":{"id":"m4","message":"four"}}`
)

func TestViewFaults(t *testing.T) {
	for _, c := range []struct {
		name   string
		frames []string
		fault  string // part of it, empty for none
	}{
		{"in order", []string{joinedFresh, historyTo2, message3, message4}, ""},
		{"edits and deletions take places", []string{
			joinedFresh, historyTo2, `{"type":"message_updated","room":"r","seq":3,"data":{}}`,
			`{"type":"message_deleted","room":"r","seq":4,"messageId":"m2"}`, `{"type":"bulk_delete","room":"r","seq":5}`,
		}, ""},
		{"resumed", []string{
			joinedFresh, historyTo2, message3, `{"type":"joined","room":"r","epoch":"e1","seq":4,"recovered":true,"missed":1}`, message4,
		}, ""},
		{"provisional, then committed", []string{
			joinedFresh, historyTo2, `{"type":"new_message","room":"r","provisional":true,"data":{"id":"m3","message":"three"}}`,
			`{"type":"committed","room":"r","epoch":"e1","data":[{"id":"m3","seq":3}]}`, message4,
		}, ""},
		{"provisional, deleted, and sent again after a join", []string{
			joinedFresh, historyTo2, `{"type":"new_message","room":"r","provisional":true,"data":{"id":"m3","message":"three"}}`,
			`{"type":"message_deleted","room":"r","messageId":"m3"}`, message3,
			`{"type":"new_message","room":"r","provisional":true,"data":{"id":"m4","message":"four"}}`,
			`{"type":"joined","room":"r","epoch":"e1","seq":3,"recovered":true,"missed":0}`,
			`{"type":"new_message","room":"r","provisional":true,"data":{"id":"m4","message":"four"}}`,
		}, ""},
		{"another room", []string{joinedFresh, historyTo2, strings.Replace(message4, `"r"`, `"q"`, 1)}, ""},
		{"a gap", []string{joinedFresh, historyTo2, message4}, "gap: 4 after 2"},
		{"doubled", []string{joinedFresh, historyTo2, message3, message3}, "doubled or out of order: 3 after 3"},
		{"live before history", []string{joinedFresh, message3}, "before the history"},
		{"wrong count", []string{
			joinedFresh, historyTo2, `{"type":"joined","room":"r","epoch":"e1","seq":4,"recovered":true,"missed":1}`,
		}, "with 1 missed"},
		{"wrong epoch", []string{
			joinedFresh, historyTo2, `{"type":"joined","room":"r","epoch":"e2","seq":2,"recovered":true,"missed":0}`,
		}, "another epoch"},
		{"went back", []string{joinedFresh, historyTo2, message3, joinedFresh, historyTo2}, "although 3 was shown"},
		{"committed unseen", []string{
			joinedFresh, historyTo2, `{"type":"committed","room":"r","epoch":"e1","data":[{"id":"m3","seq":3}]}`,
		}, "never shown"},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := feed(t, c.frames...).Err()
			switch {
			case c.fault == "" && err != nil:
				t.Error(err)
			case c.fault != "" && (err == nil || !strings.Contains(err.Error(), c.fault)):
				t.Errorf("got %v, want %q", err, c.fault)
			}
		})
	}
}
