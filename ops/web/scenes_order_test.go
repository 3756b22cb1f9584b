package web

import (
	"testing"

	"chatnode/actors/wire"
)

// orderScenes test that the page displays each entry once and in the order of the room.
func orderScenes() []scene {
	return []scene{
		{"new messages follow the history", func(_ *testing.T, chat *fakeChat, page page) {
			p := chat.acceptAda(2)
			p.sendBobMessage(3)
			page.waitMessages(numbered(1, 3)...)
		}},
		{"a duplicate frame is shown once", func(_ *testing.T, chat *fakeChat, page page) {
			p := chat.acceptAda(2)
			p.sendBobMessage(2)
			p.sendBobMessage(3)
			p.sendBobMessage(3)
			p.sendBobMessage(4)
			page.waitMessages(numbered(1, 4)...)
		}},
		{"a gap blocks later messages and is repaired", repairsGap},
		{"a message id that has two seqs is shown once", func(_ *testing.T, chat *fakeChat, page page) {
			p := chat.acceptAda(2)
			again := bobMessage(2)
			p.send(wire.AppendNewMessage(nil, "global", 3, &again, false))
			p.sendBobMessage(4)
			page.waitMessages("message 1", "message 2", "message 4")
		}},
		{"resync reloads the history of a new epoch", reloadsOnResync},
		{"provisional messages get their seq", assignsProvisionalSeq},
		{"a commit of an unknown message is a gap", repairsUnknownCommit},
		{"edits and deletions change the messages", appliesChanges},
		{"an older page does not undo later changes", appliesChangesToOlderPage},
		{"taking back a provisional copy keeps the message of an older page", keepsMessageFromHistory},
	}
}

func repairsGap(t *testing.T, chat *fakeChat, page page) {
	p := chat.acceptAda(2)
	p.sendBobMessage(5)
	join := p.expect(wire.Join)
	if !join.HasSince || join.Since != (wire.Position{Epoch: epoch, Seq: 2}) {
		t.Fatalf("resumed from %+v, want seq 2", join.Since)
	}
	page.waitMessages(numbered(1, 2)...)
	p.sendBobMessage(6)
	p.sendResumed(join.ID, "global", 2, 6)
	for seq := 3; seq <= 6; seq++ {
		p.sendBobMessage(seq)
	}
	page.waitMessages(numbered(1, 6)...)
}

func reloadsOnResync(t *testing.T, chat *fakeChat, page page) {
	p := chat.acceptAda(3)
	page.waitMessages(numbered(1, 3)...)
	p.send(wire.AppendResync(nil, "global", "e2", "the log is new"))
	ask := p.expect(wire.History)
	if ask.Before != 0 {
		t.Errorf("requested history before %d, want the newest", ask.Before)
	}
	later := bobMessage(8)
	p.send(wire.AppendNewMessage(nil, "global", 2, &later, false)) // overtakes the history
	first := wire.HistoryItem{Seq: 1, Message: bobMessage(7)}
	p.send(wire.AppendHistory(nil, ask.ID, "global", wire.Position{Epoch: "e2", Seq: 1}, []wire.HistoryItem{first}, false))
	page.waitMessages("message 7", "message 8")
}

func assignsProvisionalSeq(_ *testing.T, chat *fakeChat, page page) {
	p := chat.acceptAda(1)
	early := bobMessage(9)
	p.send(wire.AppendNewMessage(nil, "global", 0, &early, true))
	page.Wait(`document.querySelectorAll("[data-message-id=m9][data-provisional]").length`, "1")
	p.sendBobMessage(2)
	page.waitMessages("message 1", "message 2", "message 9")
	p.send(wire.AppendCommitted(nil, "global", epoch, []wire.CommittedSeq{{ID: "m9", Seq: 3}}))
	page.Wait(`document.querySelector("[data-message-id=m9]")?.dataset.seq`, "3")
	p.sendBobMessage(4)
	page.waitMessages("message 1", "message 2", "message 9", "message 4")
}

func repairsUnknownCommit(t *testing.T, chat *fakeChat, page page) {
	p := chat.acceptAda(1)
	p.send(wire.AppendCommitted(nil, "global", epoch, []wire.CommittedSeq{{ID: "m2", Seq: 2}}))
	join := p.expect(wire.Join)
	if join.Since.Seq != 1 {
		t.Fatalf("resumed from seq %d, want 1", join.Since.Seq)
	}
	p.sendResumed(join.ID, "global", 1, 2)
	p.sendBobMessage(2)
	page.waitMessages(numbered(1, 2)...)
}

func appliesChanges(_ *testing.T, chat *fakeChat, page page) {
	p := chat.acceptAda(4)
	edited := bobMessage(2)
	edited.Text, edited.EditedAt = "second thoughts", edited.At+1000
	p.send(wire.AppendMessageUpdated(nil, "global", 5, &edited))
	p.send(wire.AppendMessageDeleted(nil, "global", 6, "m3"))
	page.waitMessages("message 1", "second thoughts", "message 4")
	page.Wait(`document.querySelectorAll("[data-message-id=m2] [data-edited]").length`, "1")
	p.sendAdaMessage(7, "a1", "mine stays")
	p.send(wire.AppendBulkDelete(nil, "global", 8, "u-bob", 3))
	page.waitMessages("mine stays")
}

func appliesChangesToOlderPage(t *testing.T, chat *fakeChat, page page) {
	p := chat.accept()
	p.sendConnected()
	p.send(wire.AppendJoined(nil, "", "global", wire.Position{Epoch: epoch, Seq: 6}, false, 0))
	p.sendHistory("", "global", 4, 6, true)
	ask := p.expect(wire.History)
	if ask.Before != 4 {
		t.Errorf("requested history before %d, want 4", ask.Before)
	}
	p.send(wire.AppendMessageDeleted(nil, "global", 7, "m2"))
	var data []wire.HistoryItem
	for seq := 1; seq <= 3; seq++ {
		data = append(data, wire.HistoryItem{Seq: uint64(seq), Message: bobMessage(seq)})
	}
	p.send(wire.AppendHistory(nil, ask.ID, "global", wire.Position{Epoch: epoch, Seq: 6}, data, false)) // read before the deletion
	page.waitMessages("message 1", "message 3", "message 4", "message 5", "message 6")
}

func keepsMessageFromHistory(t *testing.T, chat *fakeChat, page page) {
	p := chat.accept()
	p.sendConnected()
	p.send(wire.AppendJoined(nil, "", "global", wire.Position{Epoch: epoch, Seq: 6}, false, 0))
	p.sendHistory("", "global", 4, 6, true)
	early := bobMessage(2)
	p.send(wire.AppendNewMessage(nil, "global", 0, &early, true)) // the node does not know its seq yet
	ask := p.expect(wire.History)
	if ask.Before != 4 {
		t.Errorf("requested history before %d, want 4", ask.Before)
	}
	p.sendHistory(ask.ID, "global", 1, 3, false)
	p.send(wire.AppendSuperseded(nil, "global", "m2"))
	p.sendBobMessage(7)
	page.waitMessages(numbered(1, 7)...)
}
