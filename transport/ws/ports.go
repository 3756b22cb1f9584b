package ws

import (
	"errors"
	"net/http"

	"chatnode/actors/chat"
	"chatnode/actors/wire"
)

// A Client is a connection's session as the edge sees it; *actors.Client is one. The edge calls it
// from one goroutine, Gone last.
type Client interface {
	// Handle takes a command. It may block, which holds the client back; an error means that
	// nothing more is wanted of this client.
	Handle(cmd wire.Command) error
	// Malformed takes note of a frame that is no command; id is empty where it had none.
	Malformed(id string, code wire.Code)
	// Touch takes note of a sign of life.
	Touch()
	// SendControl queues a complete control frame behind what was sent before. It keeps the slice, and may block
	// like Receive.
	SendControl(frame []byte)
	// ReaderClosed says that the read loop has ended; err is an *Ended. The socket is to be closed then.
	ReaderClosed(err error)
}

// Admit gives an upgraded connection to the actors. An error turns the client away with 1001. The 101 goes
// out with the first write to the socket, which therefore must come soon; it may be of nothing.
type Admit func(a chat.ConnectRequest) (Client, error)

// Authenticate says who sends a request. The cookie, if there is one, goes into the 101 response: a
// guest's lasting identity. An error refuses the request: with 503 where it is
// ErrAuthUnavailable, otherwise with 401.
type Authenticate func(r *http.Request) (id chat.Identity, set *http.Cookie, err error)

// ErrAuthUnavailable is, or is wrapped by, an Authenticate error that is not the client's fault,
// such as keys that cannot be fetched now.
var ErrAuthUnavailable = errors.New("authentication is not available")
