package ws

import "fmt"

// An CloseCause is why the read loop of a connection ended.
type CloseCause uint8

// The endings.
const (
	CauseLost   CloseCause = iota // the connection broke, or ended without a close frame
	EndClosed                     // the client sent a close frame
	EndStopped                    // this side closed the socket or the session has ended
	EndProtocol                   // a frame that RFC 6455 does not allow: 1002
	EndTooBig                     // a message beyond MAX_FRAME_BYTES: 1009
	EndBadData                    // text that is no UTF-8, or data that does not inflate: 1007
	EndPanic                      // a fault of ours: 1011
	endings                       // how many there are
)

var endingNames = [endings]string{"lost", "closed", "stopped", "protocol", "too_big", "bad_data", "panic"}

// String is the ending's name as metrics and logs spell it.
func (e CloseCause) String() string { return endingNames[e] }

// Endings lists all of them.
func Endings() []CloseCause {
	all := make([]CloseCause, endings)
	for i := range all {
		all[i] = CloseCause(i)
	}
	return all
}

// CloseError is the error that Client.Gone is given.
type CloseError struct {
	How   CloseCause
	Code  uint16 // of the client's close frame, if How is EndClosed; 0: it had none
	Cause error  // what gws or the socket said; may be nil
}

// Error is for logs.
func (e *CloseError) Error() string {
	if e.Cause == nil {
		return "connection " + e.How.String()
	}
	return fmt.Sprintf("connection %s: %v", e.How, e.Cause)
}

// Unwrap gives the cause.
func (e *CloseError) Unwrap() error { return e.Cause }
