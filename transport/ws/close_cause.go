package ws

import "fmt"

// CloseCause is the reason why the reader of a connection ended.
type CloseCause uint8

// Values of CloseCause.
const (
	CauseLost     CloseCause = iota // the connection failed, or ended without a close frame
	CauseClosed                     // the client sent a close frame
	CauseStopped                    // the server closed the socket, or the session ended
	CauseProtocol                   // the client violated RFC 6455: 1002
	CauseTooBig                     // a message exceeded MAX_FRAME_BYTES: 1009
	CauseBadData                    // invalid UTF-8, or data that does not inflate: 1007
	CausePanic                      // a bug of the server: 1011
	numCauses                       // number of causes
)

var causeNames = [numCauses]string{"lost", "closed", "stopped", "protocol", "too_big", "bad_data", "panic"}

// String returns the name in metrics and logs.
func (c CloseCause) String() string { return causeNames[c] }

// Endings returns all causes.
func Endings() []CloseCause {
	all := make([]CloseCause, numCauses)
	for i := range all {
		all[i] = CloseCause(i)
	}
	return all
}

// CloseError is the argument of Client.ReaderClosed.
type CloseError struct {
	Cause CloseCause
	Code  uint16 // of the client's close frame if Cause is CauseClosed; 0: none
	Err   error  // error of gws or the socket; may be nil
}

// Error returns the text for logs.
func (e *CloseError) Error() string {
	if e.Err == nil {
		return "connection " + e.Cause.String()
	}
	return fmt.Sprintf("connection %s: %v", e.Cause, e.Err)
}

// Unwrap returns Err.
func (e *CloseError) Unwrap() error { return e.Err }
