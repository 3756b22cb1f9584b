package client

import "encoding/json"

// Command is one frame from client to server.
type Command struct {
	Type      string    `json:"type"`
	ID        string    `json:"id,omitempty"`
	Room      string    `json:"room,omitempty"`
	Message   string    `json:"message,omitempty"`
	MessageID string    `json:"messageId,omitempty"`
	UserID    string    `json:"userId,omitempty"`
	Token     string    `json:"token,omitempty"`
	Cursor    string    `json:"cursor,omitempty"`
	Since     *Position `json:"since,omitempty"`
	Before    uint64    `json:"before,omitempty"`
	Limit     int       `json:"limit,omitempty"`
	T         any       `json:"t,omitempty"`
}

// Position is a position in the order of a room.
type Position struct {
	Epoch string `json:"epoch"`
	Seq   uint64 `json:"seq"`
}

// Frame is one frame from server to client: the union of the fields of all types.
type Frame struct {
	Type string          `json:"type"`
	ID   string          `json:"id"`
	Room string          `json:"room"`
	Data json.RawMessage `json:"data"`
	T    json.RawMessage `json:"t"`

	// connected
	UserID     string `json:"userId"`
	UserName   string `json:"userName"`
	Role       string `json:"role"`
	ReadOnly   bool   `json:"readOnly"`
	SessionID  string `json:"sessionId"`
	InstanceID string `json:"instanceId"`
	PingMs     int64  `json:"pingMs"`
	Limits     struct {
		MaxMessageLength int   `json:"maxMessageLength"`
		MaxFrameBytes    int   `json:"maxFrameBytes"`
		RateMessages     int   `json:"rateMessages"`
		RateWindowMs     int64 `json:"rateWindowMs"`
	} `json:"limits"`
	Status *Status `json:"status"`

	// joined, message_history, and all frames with a seq
	Epoch        string `json:"epoch"`
	Seq          uint64 `json:"seq"`
	Recovered    bool   `json:"recovered"`
	Missed       int    `json:"missed"`
	More         bool   `json:"more"`
	Next         string `json:"next"`
	Provisional  bool   `json:"provisional"`
	MessageID    string `json:"messageId"`
	TakenBack    bool   `json:"takenBack"`
	DeletedCount int    `json:"deletedCount"`
	Exact        bool   `json:"exact"`

	// ack, throttled, error
	Stored       string `json:"stored"`
	Duplicate    bool   `json:"duplicate"`
	RetryAfterMs int64  `json:"retryAfterMs"`
	Limit        int    `json:"limit"`
	WindowMs     int64  `json:"windowMs"`
	RoomID       string `json:"roomId"`
	Code         string `json:"code"`
	Error        string `json:"error"`
	Retry        bool   `json:"retry"`

	// status, resync, shutdown, auth_expiring
	Mode             string   `json:"mode"`
	Cause            string   `json:"cause"`
	Effects          []string `json:"effects"`
	Why              string   `json:"why"`
	Reason           string   `json:"reason"`
	ReconnectAfterMs int64    `json:"reconnectAfterMs"`
	DeadlineMs       int64    `json:"deadlineMs"`
	InMs             int64    `json:"inMs"`

	Raw string `json:"-"` // as received
}

// Status is the state of the node in words.
type Status struct {
	Mode    string   `json:"mode"`
	Cause   string   `json:"cause"`
	Effects []string `json:"effects"`
}

// Message is the data of new_message and message_updated, and one entry of message_history.
type Message struct {
	Seq        uint64 `json:"seq"` // message_history only
	ID         string `json:"id"`
	UserID     string `json:"userId"`
	UserName   string `json:"userName"`
	UserAvatar string `json:"userAvatar"`
	Message    string `json:"message"`
	Timestamp  int64  `json:"timestamp"`
	CreatedAt  string `json:"createdAt"`
	EditedAt   string `json:"editedAt"`
}

// User is one line of a roster, or a user who types.
type User struct {
	UserID   string `json:"userId"`
	UserName string `json:"userName"`
	Role     string `json:"role"`
}

// Counts is the data of presence.
type Counts struct {
	Guests  int `json:"guests"`
	Members int `json:"members"`
	Admins  int `json:"admins"`
}

// Commit is one entry of the data of committed.
type Commit struct {
	ID  string `json:"id"`
	Seq uint64 `json:"seq"`
}

// Decode reads the data of a frame as T. Fields that do not match are zero, with an error.
func Decode[T any](f Frame) (T, error) {
	var v T
	err := json.Unmarshal(f.Data, &v)
	return v, err
}
