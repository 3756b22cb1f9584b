package wire

// CommandType is the type of a client's command.
type CommandType uint8

// Commands of the protocol. Unknown stands for all other types.
const (
	Unknown CommandType = iota
	Ping
	Join
	Leave
	SendMessage
	EditMessage
	DeleteMessage
	BulkDelete
	History
	Who
	Typing
	Auth

	commandTypes = iota // number of types, with Unknown
)

// Command is one decoded frame of a client. The meaning of the fields depends on Type. All strings are copies, so a
// Command may outlive the buffer of the frame. Missing fields are zero.
type Command struct {
	Type      CommandType
	TypeName  string // Unknown only: the type as sent, at most 32 bytes
	ID        string // correlation id; the idempotency key of a write
	Room      string
	Message   string // text as sent, not yet validated
	MessageID string
	UserID    string
	Token     string
	Cursor    string
	T         string // t of a ping as raw JSON, echoed in the pong; a number or a string of at most 64 bytes
	Since     Position
	HasSince  bool
	Before    uint64
	Limit     int
}

// Position is a place in the order of a room. seq is consecutive within an epoch.
type Position struct {
	Epoch string
	Seq   uint64
}

// Message is the data of new_message, message_updated and message_history.
type Message struct {
	ID         string
	UserID     string
	UserName   string
	UserAvatar string
	Text       string
	At         int64 // ms since the Unix epoch, clock of the log: timestamp and createdAt
	EditedAt   int64 // ms since the Unix epoch; 0: never edited
}

// HistoryItem is a message with its seq.
type HistoryItem struct {
	Seq uint64
	Message
}

// Connected is the first frame of a session.
type Connected struct {
	UserID, UserName, Role, SessionID, InstanceID string
	ReadOnly                                      bool  // must not write; omitted if false
	PingMs                                        int64 // maximum interval between pings of the client
	Limits                                        Limits
	Status                                        Status
}

// Limits tells a client the limits of the server.
type Limits struct {
	MaxMessageLength int   // runes
	MaxFrameBytes    int   // bytes
	RateMessages     int   // messages per RateWindowMs; 0: unlimited
	RateWindowMs     int64 // ms
}

// Status is the link state of the node in words. All interfaces display the same words.
type Status struct {
	Degraded bool
	Cause    string // empty if ok
	Since    int64  // ms since the Unix epoch
	Effects  []string
}

// Ack is the reply to a write.
type Ack struct {
	ID, Room, MessageID string
	Seq                 uint64 // 0: not known yet (stored in the journal)
	Stored              string // StoredRedis, StoredJournal or StoredLocal
	Duplicate           bool
}

// Storage of an acknowledged write.
const (
	StoredRedis   = "redis"
	StoredJournal = "journal"
	StoredLocal   = "local"
)

// Counts contains the number of users in a room by role.
type Counts struct{ Guests, Members, Admins int }

// User is a line of a roster, or a user who is typing.
type User struct {
	ID, Name, Avatar, Role string
}

// CommittedSeq is the seq that a provisional message received.
type CommittedSeq struct {
	ID  string
	Seq uint64
}

// Throttled tells a client that it exceeded a rate limit.
type Throttled struct {
	ID, Room               string
	RetryAfterMs, WindowMs int64
	Limit                  int
}
