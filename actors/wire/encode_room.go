package wire

// AppendJoined appends the reply to a join: the position of the room, whether the client resumes from its own
// position, and the number of missed entries that follow.
func AppendJoined(dst []byte, id, room string, at Position, recovered bool, missed int) []byte {
	dst = appendNonEmpty(append(dst, `{"type":"joined"`...), `,"id":`, id)
	dst = appendText(dst, `,"room":`, room)
	dst = appendPosition(dst, at)
	dst = appendBool(dst, `,"recovered":`, recovered)
	dst = appendInt(dst, `,"missed":`, int64(missed))
	return append(dst, '}')
}

func appendPosition(dst []byte, at Position) []byte {
	dst = appendText(dst, `,"epoch":`, at.Epoch)
	return appendSeq(dst, `,"seq":`, at.Seq)
}

// AppendLeft appends the reply to a leave.
func AppendLeft(dst []byte, id, room string) []byte {
	dst = appendNonEmpty(append(dst, `{"type":"left"`...), `,"id":`, id)
	dst = appendText(dst, `,"room":`, room)
	return append(dst, '}')
}

// AppendPresence appends the number of users in a room. exact is false if the node counts only its own users.
func AppendPresence(dst []byte, room string, c Counts, exact bool) []byte {
	dst = appendText(dst, `{"type":"presence","room":`, room)
	dst = appendInt(dst, `,"data":{"guests":`, int64(c.Guests))
	dst = appendInt(dst, `,"members":`, int64(c.Members))
	dst = appendInt(dst, `,"admins":`, int64(c.Admins))
	dst = appendBool(dst, `},"exact":`, exact)
	return append(dst, '}')
}

// AppendRoster appends the reply to a who: one page of the users of a room. next is the cursor of the next page; empty
// at the end.
func AppendRoster(dst []byte, id, room string, users []User, next string) []byte {
	dst = appendNonEmpty(append(dst, `{"type":"roster"`...), `,"id":`, id)
	dst = appendText(dst, `,"room":`, room)
	dst = append(dst, `,"data":[`...)
	for i := range users {
		dst = appendUser(appendComma(dst, i), &users[i])
	}
	dst = appendNonEmpty(append(dst, ']'), `,"next":`, next)
	return append(dst, '}')
}

func appendUser(dst []byte, u *User) []byte {
	dst = appendText(dst, `{"userId":`, u.ID)
	dst = appendNonEmpty(dst, `,"userName":`, u.Name)
	dst = appendNonEmpty(dst, `,"userAvatar":`, u.Avatar)
	dst = appendText(dst, `,"role":`, u.Role)
	return append(dst, '}')
}

// AppendTyping reports that u is typing in a room.
func AppendTyping(dst []byte, room string, u User) []byte {
	dst = appendText(dst, `{"type":"typing","room":`, room)
	dst = appendText(dst, `,"data":{"userId":`, u.ID)
	dst = appendText(dst, `,"userName":`, u.Name)
	return append(dst, '}', '}')
}

// AppendResync appends that the client's picture of a room can no longer be repaired: it must
// reload the room's history, which counts in epoch now.
func AppendResync(dst []byte, room, epoch, why string) []byte {
	dst = appendText(dst, `{"type":"resync","room":`, room)
	dst = appendText(dst, `,"epoch":`, epoch)
	dst = appendText(dst, `,"why":`, why)
	return append(dst, '}')
}
