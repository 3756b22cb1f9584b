package client

import (
	"testing"

	"chatnode/actors/chat"
	"chatnode/actors/chat/chattest"
)

// A View finds no fault in the frames of a fold case, and its position is that of the last entry.
func TestViewFollowsFoldCases(t *testing.T) {
	for _, c := range chattest.FoldCases() {
		frames := []string{joined0, page0}
		for _, s := range c.Steps {
			if s.Refused == chat.NotRefused {
				frames = append(frames, string(chattest.Frame("global", &s.Entry)))
			}
		}
		v := seeing(t, frames...)
		if err := v.Err(); err != nil {
			t.Errorf("%s: %v", c.Name, err)
		}
		if at, ok := v.LastPosition(); !ok || at.Seq != uint64(len(c.History)) {
			t.Errorf("%s: position %+v (loaded: %t), want %d", c.Name, at, ok, len(c.History))
		}
	}
}
