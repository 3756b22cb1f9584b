package simulation

import (
	"reflect"
	"testing"

	"chatnode/actors/chat"
	"chatnode/actors/chat/chattest"
)

// The model of the log has the history of each fold case. It folds without chat.Fold.
func TestModelFoldCases(t *testing.T) {
	for _, c := range chattest.FoldCases() {
		m := &roomLog{}
		for _, s := range c.Steps {
			if s.Refused == chat.NotRefused {
				m.appendEntry(&s.Entry)
			}
		}
		if !reflect.DeepEqual(m.log, c.History) {
			t.Errorf("%s: model has\n%+v, want\n%+v", c.Name, m.log, c.History)
		}
	}
}
