package chattest_test

import (
	"reflect"
	"testing"

	"chatnode/actors/chat"
	"chatnode/actors/chat/chattest"
)

func TestFoldCases(t *testing.T) {
	for _, c := range chattest.FoldCases() {
		t.Run(c.Name, func(t *testing.T) {
			var history []chat.Entry
			for _, s := range c.Steps {
				if s.Refused != chat.NotRefused {
					continue
				}
				chat.Fold(history, &s.Entry)
				history = append(history, s.Entry)
			}
			if !reflect.DeepEqual(history, c.History) {
				t.Errorf("history\n got %+v\nwant %+v", history, c.History)
			}
		})
	}
}
