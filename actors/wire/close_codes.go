package wire

// Close codes of the protocol: those of RFC 6455, and two of the range for applications.
const (
	CloseGoingAway    = 1001 // shutdown or timeout: reconnect and resume
	ClosePolicy       = 1008 // disconnected or banned: do not reconnect
	CloseTooBig       = 1009 // frame too large: do not reconnect
	CloseInternal     = 1011 // server error: back off, then reconnect
	CloseOverloaded   = 1013 // overloaded or slow consumer: back off, then resume
	CloseUnauthorized = 4401 // token missing, invalid or expired: get a new one, then reconnect
	CloseAbuse        = 4429 // too many invalid or throttled frames: do not reconnect
)

// closeCodes is the only table of close codes, with the default reason of each. A test compares it with PROTOCOL.md.
var closeCodes = [...]struct {
	code   uint16
	reason string
}{
	{CloseGoingAway, "going away"},
	{ClosePolicy, "policy violation"},
	{CloseTooBig, "frame too big"},
	{CloseInternal, "internal error"},
	{CloseOverloaded, "try again later"},
	{CloseUnauthorized, "unauthorized"},
	{CloseAbuse, "too many requests"},
}

func closeReason(code uint16) string {
	for _, c := range closeCodes {
		if c.code == code {
			return c.reason
		}
	}
	return ""
}
