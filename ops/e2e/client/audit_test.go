package client

import (
	"strings"
	"testing"
)

func TestAuditFindsWhatIsWrong(t *testing.T) {
	acked := []Acked{
		{Writer: "a", Text: "a-0", MessageID: "m1", Seq: 1},
		{Writer: "a", Text: "a-1", MessageID: "m3"},
	}
	one, two, three := Message{Seq: 1, ID: "m1", Message: "a-0"}, Message{Seq: 2, ID: "m2", Message: "unacknowledged"}, Message{Seq: 3, ID: "m3", Message: "a-1"}
	whole := []Message{one, two, three}
	at := func(seq uint64, m Message) Message { m.Seq = seq; return m }
	for _, c := range []struct {
		name    string
		history []Message
		view    []Message
		finds   string // part of what is found, empty for nothing
	}{
		{"all is well", whole, []Message{two, three}, ""},
		{"lost", []Message{one, two}, nil, "1 of 2 lost: a-1"},
		{"doubled", append(whole[:3:3], at(4, three)), nil, "twice: a-1 at 3 and 4"},
		{"history out of order", []Message{one, three, two}, nil, "do not ascend"},
		{"writer out of order", []Message{at(3, three), at(4, one)}, nil, "before its writer's earlier one"},
		{"moved", []Message{at(2, one), three}, nil, "acknowledged as m1 at 1, stored as m1 at 2"},
		{"shown twice", whole, []Message{one, one}, "a-0 shown twice to reader"},
		{"shown and lost", []Message{one, three}, []Message{two}, "unacknowledged shown to reader"},
		{"shown elsewhere", whole, []Message{at(5, two)}, "moved: unacknowledged shown to reader as m2 at 5"},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := Audit(acked, c.history, map[string][]Message{"reader": c.view}).Err()
			switch {
			case c.finds == "" && err != nil:
				t.Error(err)
			case c.finds != "" && (err == nil || !strings.Contains(err.Error(), c.finds)):
				t.Errorf("got %v, want %q", err, c.finds)
			}
		})
	}
}
