package wire

// AppendAck confirms that a write is stored, or that auth accepted a token. Empty fields are omitted.
func AppendAck(dst []byte, a *Ack) []byte {
	dst = appendNonEmpty(append(dst, `{"type":"ack"`...), `,"id":`, a.ID)
	dst = appendNonEmpty(dst, `,"room":`, a.Room)
	dst = appendNonEmpty(dst, `,"messageId":`, a.MessageID)
	dst = appendNonZeroSeq(dst, a.Seq)
	dst = appendNonEmpty(dst, `,"stored":`, a.Stored)
	if a.Duplicate {
		dst = append(dst, `,"duplicate":true`...)
	}
	return append(dst, '}')
}

// AppendThrottled reports that a command was rejected because it exceeded a rate limit.
func AppendThrottled(dst []byte, t *Throttled) []byte {
	dst = appendNonEmpty(append(dst, `{"type":"throttled"`...), `,"id":`, t.ID)
	dst = appendInt(dst, `,"retryAfterMs":`, t.RetryAfterMs)
	dst = appendInt(dst, `,"limit":`, int64(t.Limit))
	dst = appendInt(dst, `,"windowMs":`, t.WindowMs)
	dst = appendNonEmpty(dst, `,"roomId":`, t.Room)
	return append(dst, '}')
}

// AppendError reports that a command was rejected. The code supplies the sentence and the retry flag. retryAfterMs is
// omitted if it is 0.
func AppendError(dst []byte, id string, code Code, retryAfterMs int64) []byte {
	dst = appendNonEmpty(append(dst, `{"type":"error"`...), `,"id":`, id)
	dst = appendText(dst, `,"code":`, code.String())
	dst = appendText(dst, `,"error":`, code.Text())
	dst = appendBool(dst, `,"retry":`, code.Retry())
	if retryAfterMs != 0 {
		dst = appendInt(dst, `,"retryAfterMs":`, retryAfterMs)
	}
	return append(dst, '}')
}
