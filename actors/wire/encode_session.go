package wire

// AppendConnected appends the first frame of a session.
func AppendConnected(dst []byte, c *Connected) []byte {
	dst = appendText(dst, `{"type":"connected","userId":`, c.UserID)
	dst = appendText(dst, `,"userName":`, c.UserName)
	dst = appendText(dst, `,"role":`, c.Role)
	if c.ReadOnly {
		dst = appendBool(dst, `,"readOnly":`, true)
	}
	dst = appendText(dst, `,"sessionId":`, c.SessionID)
	dst = appendText(dst, `,"instanceId":`, c.InstanceID)
	dst = appendInt(dst, `,"pingMs":`, c.PingMs)
	dst = appendLimits(append(dst, `,"limits":`...), &c.Limits)
	dst = appendStatus(append(dst, `,"status":{`...), &c.Status)
	return append(dst, '}', '}')
}

func appendLimits(dst []byte, l *Limits) []byte {
	dst = appendInt(dst, `{"maxMessageLength":`, int64(l.MaxMessageLength))
	dst = appendInt(dst, `,"maxFrameBytes":`, int64(l.MaxFrameBytes))
	dst = appendInt(dst, `,"rateMessages":`, int64(l.RateMessages))
	dst = appendInt(dst, `,"rateWindowMs":`, l.RateWindowMs)
	return append(dst, '}')
}

// AppendStatus reports that the link state of the node has changed.
func AppendStatus(dst []byte, s *Status) []byte {
	dst = appendStatus(append(dst, `{"type":"status",`...), s)
	return append(dst, '}')
}

func appendStatus(dst []byte, s *Status) []byte {
	mode := "ok"
	if s.Degraded {
		mode = "degraded"
	}
	dst = appendText(dst, `"mode":`, mode)
	dst = appendText(dst, `,"cause":`, s.Cause)
	dst = appendInt(dst, `,"since":`, s.Since)
	dst = append(dst, `,"effects":[`...)
	for i, effect := range s.Effects {
		dst = appendString(appendComma(dst, i), effect)
	}
	return append(dst, ']')
}

// AppendPong appends the reply to a ping. t is the t of the ping as raw JSON; omitted if empty.
func AppendPong(dst []byte, t string) []byte {
	dst = append(dst, `{"type":"pong"`...)
	if t != "" {
		dst = append(append(dst, `,"t":`...), t...)
	}
	return append(dst, '}')
}

// AppendAuthExpiring warns that the token of the session expires in inMs milliseconds.
func AppendAuthExpiring(dst []byte, inMs int64) []byte {
	return append(appendInt(dst, `{"type":"auth_expiring","inMs":`, inMs), '}')
}

// AppendShutdown announces that the node stops within deadlineMs, and that this client should reconnect after
// reconnectAfterMs.
func AppendShutdown(dst []byte, reason string, reconnectAfterMs, deadlineMs int64) []byte {
	dst = appendText(dst, `{"type":"shutdown","reason":`, reason)
	dst = appendInt(dst, `,"reconnectAfterMs":`, reconnectAfterMs)
	dst = appendInt(dst, `,"deadlineMs":`, deadlineMs)
	return append(dst, '}')
}

// appendComma separates element i of an array from the previous one.
func appendComma(dst []byte, i int) []byte {
	if i == 0 {
		return dst
	}
	return append(dst, ',')
}
