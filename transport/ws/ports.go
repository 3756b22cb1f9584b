package ws

import (
	"errors"
	"net/http"

	"chatnode/actors/chat"
	"chatnode/actors/wire"
)

// Client is the session of a connection. The server calls it from one goroutine, and ReaderClosed last.
type Client interface {
	// Handle accepts a command. It may block, which stops reading from the client. After an error, the server calls
	// Handle no more.
	Handle(cmd wire.Command) error
	// Malformed handles a frame that is not a command. id is empty if the frame had none.
	Malformed(id string, code wire.Code)
	// Touch records that the client is alive.
	Touch()
	// SendControl queues a complete control frame after all earlier frames. It takes ownership of the slice, and may
	// block like Handle.
	SendControl(frame []byte)
	// ReaderClosed reports the end of the reader. err is a *CloseError. The client must then close the socket.
	ReaderClosed(err error)
}

// Admit passes an upgraded connection to the actors. After an error the server closes the connection with 1001. The
// first write to the socket sends the 101 response. It must happen soon, and may be empty.
type Admit func(a chat.ConnectRequest) (Client, error)

// Authenticate returns the identity of the client of a request. The cookie, if not nil, is added to the 101 response.
// If the error wraps ErrAuthUnavailable, the request is rejected with 503, otherwise with 401.
type Authenticate func(r *http.Request) (id chat.Identity, set *http.Cookie, err error)

// ErrAuthUnavailable is wrapped by errors of Authenticate that the client did not cause, for example if keys cannot
// be fetched.
var ErrAuthUnavailable = errors.New("authentication unavailable")
