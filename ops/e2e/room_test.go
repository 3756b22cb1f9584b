package e2e

import "chatnode/ops/e2e/client"

var roomScenarios = []scenario{
	{"who lists the users of a room, page by page", withTokens("PRESENCE_DEBOUNCE", "50ms"), who},
	{"typing is shown and takes no place", withTokens(), typing},
	{"presence counts users, not their tabs", withTokens("PRESENCE_DEBOUNCE", "50ms"), presence},
}

// counting matches a presence frame of the global room with these counts.
func counting(guests, members, admins int) func(client.Frame) bool {
	return func(f client.Frame) bool {
		c, err := client.Decode[client.Counts](f)
		return f.Type == "presence" && f.Room == global && f.Exact && err == nil && c == client.Counts{Guests: guests, Members: members, Admins: admins}
	}
}

func who(w *world) {
	alice := w.enter(w.as(0, "alice", "member"))
	w.enter(w.as(1, "bob", "member"))
	w.enter(w.as(2, "root", "admin"))
	w.await(alice, counting(0, 2, 1))
	roles := map[string]string{}
	cursor := ""
	for range 3 {
		f := w.ask(alice, client.Command{Type: "who", ID: "w" + cursor, Room: global, Cursor: cursor, Limit: 2})
		if f.Type != "roster" || f.Room != global {
			w.Fatalf("who was answered by %s", f.Raw)
		}
		page := data[[]client.User](w, f)
		if len(page) > 2 {
			w.Errorf("a page of %d users, asked for 2", len(page))
		}
		for _, u := range page {
			roles[u.UserID] = u.Role
		}
		if cursor = f.Next; cursor == "" {
			break
		}
	}
	if len(roles) != 3 || roles["alice"] != "member" || roles["bob"] != "member" || roles["root"] != "admin" {
		w.Errorf("roster: %v", roles)
	}
}

func typing(w *world) {
	alice, bob := w.enter(w.as(0, "alice", "member")), w.enter(w.as(1, "bob", "member"))
	w.send(alice, client.Command{Type: "typing", Room: global})
	f := w.await(bob, ofType("typing"))
	if u := data[client.User](w, f); f.Room != global || u.UserID != "alice" || u.UserName != "Name of alice" {
		w.Errorf("typing: %s", f.Raw)
	}
	w.send(alice, client.Command{Type: "leave", ID: "l", Room: global})
	w.send(alice, client.Command{Type: "typing", Room: global})
	w.await(alice, ofType("left"))
	if ack := w.say(bob, "go on"); ack.Seq != 1 {
		w.Errorf("%s, want seq 1: typing has no seq", ack.Raw)
	}
	w.alive(bob)
	if n := count(bob.Seen(), ofType("typing")); n != 1 {
		w.Errorf("bob received %d typing frames of alice, want 1: she has left", n)
	}
}

func count(frames []client.Frame, match func(client.Frame) bool) (n int) {
	for _, f := range frames {
		if match(f) {
			n++
		}
	}
	return n
}

func presence(w *world) {
	alice := w.enter(w.as(0, "alice", "member"))
	w.await(alice, counting(0, 1, 0))
	tab := w.enter(w.as(1, "alice", "member"))
	root := w.enter(w.as(1, "root", "admin"))
	w.await(alice, counting(0, 1, 1))
	tab.Close()
	guest := w.enter(w.dial(2))
	w.await(alice, counting(1, 1, 1))
	root.Close()
	guest.Close()
	w.await(alice, counting(0, 1, 0))
	for _, f := range alice.Seen() {
		if f.Type == "presence" && data[client.Counts](w, f).Members != 1 {
			w.Errorf("alice, with one tab or two, is counted as %s", f.Raw)
		}
	}
}
