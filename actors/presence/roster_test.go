package presence

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"chatnode/actors/wire"
)

func TestRosterPagesAreComplete(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := &cachedRoster{}
		for i := range rapid.IntRange(0, 50).Draw(t, "users") {
			r.users = append(r.users, wire.User{ID: fmt.Sprintf("u%02d", i)})
		}
		limit := rapid.IntRange(1, 60).Draw(t, "limit")
		var all []wire.User
		for cursor, more := "", true; more; more = cursor != "" {
			var page []wire.User
			page, cursor = r.page(cursor, limit)
			if all = append(all, page...); len(page) > limit || len(all) > len(r.users) {
				t.Fatalf("page of %d users, %d on all pages, want %d", len(page), len(all), len(r.users))
			}
		}
		if fmt.Sprint(all) != fmt.Sprint(r.users) {
			t.Fatalf("pages contain %v, want %v", all, r.users)
		}
	})
}
