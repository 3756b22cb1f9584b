package room

import (
	"chatnode/actors/chat"
	"chatnode/actors/wire"
)

var actNames = map[chat.EntryKind]string{chat.EntryEdit: "edit_message", chat.EntryDelete: "delete_message", chat.EntryBulkDelete: "bulk_delete"}

// audit records what an admin has done to messages by a socket. The API records its own.
func (r *Room) audit(m *WriteRequest, w *chat.Write, code wire.Code) {
	if m.Client == nil || !w.Author.Admin || actNames[w.Kind] == "" {
		return
	}
	a := &chat.AuditEvent{Name: actNames[w.Kind], By: w.Author.ID, Via: "socket", Room: r.name, Target: w.Target, Result: chat.ResultOK}
	if w.Kind == chat.EntryBulkDelete {
		a.Target = w.UserID
	}
	if code != wire.CodeNone {
		a.Result = code.String()
	}
	a.Log(&r.core.Sys.Log)
}
