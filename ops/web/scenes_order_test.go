package web

import (
	"testing"

	"chatnode/actors/wire"
)

// orderScenes: what a page shows is the room's order, each entry once, whatever way it came.
func orderScenes() []scene {
	return []scene{
		{"history, then what follows it", func(_ *testing.T, chat *fakeChat, page page) {
			p := chat.greeted(2)
			p.message(3)
			page.shows(numbered(1, 3)...)
		}},
		{"a frame that comes twice is shown once", func(_ *testing.T, chat *fakeChat, page page) {
			p := chat.greeted(2)
			p.message(2)
			p.message(3)
			p.message(3)
			p.message(4)
			page.shows(numbered(1, 4)...)
		}},
		{"a gap is held back, asked for and repaired", repairsGap},
		{"a message id that comes again under a later seq is shown once", func(_ *testing.T, chat *fakeChat, page page) {
			p := chat.greeted(2)
			again := bobs(2)
			p.send(wire.AppendNewMessage(nil, "global", 3, &again, false))
			p.message(4)
			page.shows("message 1", "message 2", "message 4")
		}},
		{"resync reloads the history of a new epoch", reloadsOnResync},
		{"provisional messages find their place", placesProvisional},
		{"a place of a message never seen is a gap", repairsUnknownPlace},
		{"edits and deletions fold into the view", foldsChanges},
		{"an older page does not undo what came after it", foldsIntoOlderPage},
		{"what an older page has brought is not taken back with its provisional copy", keepsThePlacedCopy},
	}
}

func repairsGap(t *testing.T, chat *fakeChat, page page) {
	p := chat.greeted(2)
	p.message(5)
	join := p.expect(wire.Join)
	if !join.HasSince || join.Since != (wire.Position{Epoch: epoch, Seq: 2}) {
		t.Fatalf("asked from %+v, want seq 2", join.Since)
	}
	page.shows(numbered(1, 2)...)
	p.message(6)
	p.resumed(join.ID, "global", 2, 6)
	for seq := 3; seq <= 6; seq++ {
		p.message(seq)
	}
	page.shows(numbered(1, 6)...)
}

func reloadsOnResync(t *testing.T, chat *fakeChat, page page) {
	p := chat.greeted(3)
	page.shows(numbered(1, 3)...)
	p.send(wire.AppendResync(nil, "global", "e2", "the log is new"))
	ask := p.expect(wire.History)
	if ask.Before != 0 {
		t.Errorf("reloads before %d, want the newest", ask.Before)
	}
	later := bobs(8)
	p.send(wire.AppendNewMessage(nil, "global", 2, &later, false)) // overtakes the history
	first := wire.Placed{Seq: 1, Message: bobs(7)}
	p.send(wire.AppendHistory(nil, ask.ID, "global", wire.Position{Epoch: "e2", Seq: 1}, []wire.Placed{first}, false))
	page.shows("message 7", "message 8")
}

func placesProvisional(_ *testing.T, chat *fakeChat, page page) {
	p := chat.greeted(1)
	early := bobs(9)
	p.send(wire.AppendNewMessage(nil, "global", 0, &early, true))
	page.Wait(`document.querySelectorAll("[data-message-id=m9][data-provisional]").length`, "1")
	p.message(2)
	page.shows("message 1", "message 2", "message 9")
	p.send(wire.AppendCommitted(nil, "global", epoch, []wire.Commit{{ID: "m9", Seq: 3}}))
	page.Wait(`document.querySelector("[data-message-id=m9]")?.dataset.seq`, "3")
	p.message(4)
	page.shows("message 1", "message 2", "message 9", "message 4")
}

func repairsUnknownPlace(t *testing.T, chat *fakeChat, page page) {
	p := chat.greeted(1)
	p.send(wire.AppendCommitted(nil, "global", epoch, []wire.Commit{{ID: "m2", Seq: 2}}))
	join := p.expect(wire.Join)
	if join.Since.Seq != 1 {
		t.Fatalf("asked from %d, want 1", join.Since.Seq)
	}
	p.resumed(join.ID, "global", 1, 2)
	p.message(2)
	page.shows(numbered(1, 2)...)
}

func foldsChanges(_ *testing.T, chat *fakeChat, page page) {
	p := chat.greeted(4)
	edited := bobs(2)
	edited.Text, edited.EditedAt = "second thoughts", edited.At+1000
	p.send(wire.AppendMessageUpdated(nil, "global", 5, &edited))
	p.send(wire.AppendMessageDeleted(nil, "global", 6, "m3"))
	page.shows("message 1", "second thoughts", "message 4")
	page.Wait(`document.querySelectorAll("[data-message-id=m2] [data-edited]").length`, "1")
	p.deliver(7, "a1", "mine stays")
	p.send(wire.AppendBulkDelete(nil, "global", 8, "u-bob", 3))
	page.shows("mine stays")
}

func foldsIntoOlderPage(t *testing.T, chat *fakeChat, page page) {
	p := chat.accept()
	p.connected()
	p.send(wire.AppendJoined(nil, "", "global", wire.Position{Epoch: epoch, Seq: 6}, false, 0))
	p.history("", "global", 4, 6, true)
	ask := p.expect(wire.History)
	if ask.Before != 4 {
		t.Errorf("asks before %d, want 4", ask.Before)
	}
	p.send(wire.AppendMessageDeleted(nil, "global", 7, "m2"))
	var data []wire.Placed
	for seq := 1; seq <= 3; seq++ {
		data = append(data, wire.Placed{Seq: uint64(seq), Message: bobs(seq)})
	}
	p.send(wire.AppendHistory(nil, ask.ID, "global", wire.Position{Epoch: epoch, Seq: 6}, data, false)) // read before the deletion
	page.shows("message 1", "message 3", "message 4", "message 5", "message 6")
}

func keepsThePlacedCopy(t *testing.T, chat *fakeChat, page page) {
	p := chat.accept()
	p.connected()
	p.send(wire.AppendJoined(nil, "", "global", wire.Position{Epoch: epoch, Seq: 6}, false, 0))
	p.history("", "global", 4, 6, true)
	early := bobs(2)
	p.send(wire.AppendNewMessage(nil, "global", 0, &early, true)) // the node does not know yet where it stands
	ask := p.expect(wire.History)
	if ask.Before != 4 {
		t.Errorf("asks before %d, want 4", ask.Before)
	}
	p.history(ask.ID, "global", 1, 3, false)
	p.send(wire.AppendTakenBack(nil, "global", "m2"))
	p.message(7)
	page.shows(numbered(1, 7)...)
}
