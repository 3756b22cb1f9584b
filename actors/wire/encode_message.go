package wire

// AppendNewMessage appends a new message. A provisional message is stored on this node only and has no seq yet (0). A
// committed frame supplies it later.
func AppendNewMessage(dst []byte, room string, seq uint64, m *Message, provisional bool) []byte {
	dst = appendText(dst, `{"type":"new_message","room":`, room)
	dst = appendNonZeroSeq(dst, seq)
	dst = appendMessage(append(dst, `,"data":{`...), m)
	if provisional {
		dst = append(dst, `,"provisional":true`...)
	}
	return append(dst, '}')
}

// AppendMessageUpdated appends an edit. m is the message after the edit. seq is that of the edit; 0 is omitted.
func AppendMessageUpdated(dst []byte, room string, seq uint64, m *Message) []byte {
	dst = appendText(dst, `{"type":"message_updated","room":`, room)
	dst = appendNonZeroSeq(dst, seq)
	dst = appendMessage(append(dst, `,"data":{`...), m)
	return append(dst, '}')
}

// AppendMessageDeleted appends the deletion of one message. seq is that of the deletion; 0 is omitted.
func AppendMessageDeleted(dst []byte, room string, seq uint64, messageID string) []byte {
	dst = appendText(dst, `{"type":"message_deleted","room":`, room)
	dst = appendNonZeroSeq(dst, seq)
	dst = appendText(dst, `,"messageId":`, messageID)
	return append(dst, '}')
}

// AppendSuperseded removes a provisional message that got another seq than its displayed position. A copy that has its
// seq remains.
func AppendSuperseded(dst []byte, room, messageID string) []byte {
	dst = appendText(dst, `{"type":"message_deleted","room":`, room)
	dst = appendText(dst, `,"messageId":`, messageID)
	return append(dst, `,"takenBack":true}`...)
}

// AppendBulkDelete appends the deletion of count messages of one user. seq is that of the deletion; 0 is omitted.
func AppendBulkDelete(dst []byte, room string, seq uint64, userID string, count int) []byte {
	dst = appendText(dst, `{"type":"bulk_delete","room":`, room)
	dst = appendNonZeroSeq(dst, seq)
	dst = appendText(dst, `,"userId":`, userID)
	dst = appendInt(dst, `,"deletedCount":`, int64(count))
	return append(dst, '}')
}

// AppendHistory appends a message_history. data is sorted oldest first and contains the current texts. at is the
// position of the room. more reports whether older messages exist.
func AppendHistory(dst []byte, id, room string, at Position, data []HistoryItem, more bool) []byte {
	dst = appendNonEmpty(append(dst, `{"type":"message_history"`...), `,"id":`, id)
	dst = appendText(dst, `,"room":`, room)
	dst = appendPosition(dst, at)
	dst = append(dst, `,"data":[`...)
	for i := range data {
		dst = appendSeq(appendComma(dst, i), `{"seq":`, data[i].Seq)
		dst = appendMessage(append(dst, ','), &data[i].Message)
	}
	dst = appendBool(dst, `],"more":`, more)
	return append(dst, '}')
}

// AppendCommitted appends the seqs that provisional messages received.
func AppendCommitted(dst []byte, room, epoch string, data []CommittedSeq) []byte {
	dst = appendText(dst, `{"type":"committed","room":`, room)
	dst = appendText(dst, `,"epoch":`, epoch)
	dst = append(dst, `,"data":[`...)
	for i := range data {
		dst = appendText(appendComma(dst, i), `{"id":`, data[i].ID)
		dst = append(appendSeq(dst, `,"seq":`, data[i].Seq), '}')
	}
	return append(dst, ']', '}')
}

// appendMessage appends the members of a message and the brace that closes its object.
func appendMessage(dst []byte, m *Message) []byte {
	dst = appendText(dst, `"id":`, m.ID)
	dst = appendText(dst, `,"userId":`, m.UserID)
	dst = appendText(dst, `,"userName":`, m.UserName)
	dst = appendText(dst, `,"userAvatar":`, m.UserAvatar)
	dst = appendText(dst, `,"message":`, m.Text)
	dst = appendInt(dst, `,"timestamp":`, m.At)
	dst = appendTime(dst, `,"createdAt":`, m.At)
	if m.EditedAt != 0 {
		dst = appendTime(dst, `,"editedAt":`, m.EditedAt)
	}
	return append(dst, '}')
}
