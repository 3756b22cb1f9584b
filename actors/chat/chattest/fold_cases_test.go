package chattest_test

import (
	"reflect"
	"testing"

	"chatnode/actors/chat"
	"chatnode/actors/chat/chattest"
)

// Each kind is stored at least once, and refused at least once if it needs a target. The contract of the engines writes
// the cases, so that it writes all kinds.
func TestFoldCasesContainEveryKind(t *testing.T) {
	stored, refused := map[chat.EntryKind]bool{}, map[chat.EntryKind]bool{}
	for _, c := range chattest.FoldCases() {
		for _, s := range c.Steps {
			if s.Refused == chat.NotRefused {
				stored[s.Write.Kind] = true
			} else {
				refused[s.Write.Kind] = true
			}
		}
	}
	for k := range chat.EntryKinds() {
		if !stored[k] || k.NeedsTarget() && !refused[k] {
			t.Errorf("kind %d (%s) in fold_cases.json: stored %t, refused %t", k, k.Frame(), stored[k], refused[k])
		}
	}
}

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
