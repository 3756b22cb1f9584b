package wire

// Close codes of the protocol: RFC 6455's own, and two of the range for applications.
const (
	CloseGoingAway    = 1001 // shutdown, or nothing heard in time: come back and resume
	ClosePolicy       = 1008 // disconnected or banned: stop
	CloseTooBig       = 1009 // a frame over the limit: stop
	CloseInternal     = 1011 // a fault of the server: back off, then come back
	CloseOverloaded   = 1013 // overloaded, or a slow consumer: wait, then resume
	CloseUnauthorized = 4401 // token missing, bad or expired: get a new one, then come back
	CloseAbuse        = 4429 // too many bad or throttled frames: stop
)

// closeCodes is the one table of close codes, with what a close frame says where its sender gives no
// better reason; PROTOCOL.md repeats it, and a test compares the two.
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
