package node

import (
	"context"
	"testing"
	"time"

	"chatnode/actors/room"
)

func TestPullsShareASurvey(t *testing.T) {
	r := startAPI(t)
	r.join(t, "ann", "member", "lobby")
	s := newStatus(newAPI(r.Node))
	now := s.born.Add(time.Second)
	first := s.snapshot(t.Context(), now)
	if first.rooms != 1 || first.loads[room.Kind.Name].Depth < 0 {
		t.Fatalf("first survey: %+v", first)
	}
	if again := s.snapshot(t.Context(), now.Add(surveyEvery-time.Millisecond)); again != first {
		t.Error("a survey was made before it was due")
	}
	next := s.snapshot(t.Context(), now.Add(surveyEvery))
	if next == first || next.window != surveyEvery {
		t.Errorf("when it was due: a new one %t, over %v", next != first, next.window)
	}
}

func TestRoomsThatDoNotAnswerStayAsTheyWere(t *testing.T) {
	r := startAPI(t)
	r.join(t, "ann", "member", "lobby")
	s := newStatus(newAPI(r.Node))
	first := s.snapshot(t.Context(), s.born.Add(time.Second))
	r.stop()
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	later := s.snapshot(gone, s.born.Add(time.Minute))
	if later == first || later.rooms != 1 || len(later.bySize) != 1 || later.bySize[0] != first.bySize[0] {
		t.Errorf("rooms %d %+v, want those of before: %+v", later.rooms, later.bySize, first.bySize)
	}
}

func TestStatusListsArePages(t *testing.T) {
	all := make([]int, 45)
	for i := range all {
		all[i] = i
	}
	for _, c := range []struct{ offset, first, length int }{{0, 0, 20}, {20, 20, 20}, {40, 40, 5}, {45, -1, 0}, {1 << 30, -1, 0}} {
		page := newStatusList(60, all, c.offset)
		if page.Total != 60 || page.Paged != 45 || page.Offset != c.offset || len(page.Data) != c.length || page.Data == nil {
			t.Errorf("from %d: %+v", c.offset, page)
		} else if c.length > 0 && page.Data[0] != c.first {
			t.Errorf("from %d: begins with %d", c.offset, page.Data[0])
		}
	}
	if page := newStatusList[int](0, nil, 0); page.Data == nil {
		t.Error("an empty list is null")
	}
}
