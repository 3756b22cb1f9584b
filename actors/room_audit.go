package actors

import "chatnode/actors/wire"

var actNames = map[Kind]string{KindEdit: "edit_message", KindDelete: "delete_message", KindBulkDelete: "bulk_delete"}

// audit records what an admin has done to messages by a socket. The API records its own.
func (r *room) audit(s *submit, code wire.Code) {
	w := &s.write
	if s.client == nil || !w.Author.Admin || actNames[w.Kind] == "" {
		return
	}
	a := &Act{Name: actNames[w.Kind], By: w.Author.ID, Via: "socket", Room: r.name, Target: w.Target, Result: ResultOK}
	if w.Kind == KindBulkDelete {
		a.Target = w.UserID
	}
	if code != wire.CodeNone {
		a.Result = code.String()
	}
	a.log(&r.core.sys.Log)
}
