package wire

// A CommandType is what a client asks for.
type CommandType uint8

// The commands of the protocol. Unknown is any type that is not in the table.
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
)

// A Command is one frame from a client, decoded. Which fields have a meaning depends on Type; all
// strings are copies, so a Command outlives the frame's buffer. Missing fields are zero.
type Command struct {
	Type      CommandType
	TypeName  string // the type as sent, for Unknown only, at most 32 bytes
	ID        string // correlation id; on a write also the idempotency key
	Room      string
	Message   string // text as sent, not yet trimmed or validated
	MessageID string
	UserID    string
	Token     string
	Cursor    string
	T         string // raw JSON of ping's t, echoed in pong; a number or a string of at most 64 bytes
	Since     Position
	HasSince  bool
	Before    uint64
	Limit     int
}

// A Position is a place in a room's order. Seq is consecutive within an Epoch.
type Position struct {
	Epoch string
	Seq   uint64
}

// A Message is the data of new_message, message_updated and message_history.
type Message struct {
	ID         string
	UserID     string
	UserName   string
	UserAvatar string
	Text       string
	At         int64 // ms since the Unix epoch, the log's clock: timestamp and createdAt
	EditedAt   int64 // ms since the Unix epoch, 0 when never edited
}

// A HistoryItem message is one with its place in the room's order.
type HistoryItem struct {
	Seq uint64
	Message
}

// Connected is the first frame of every session.
type Connected struct {
	UserID, UserName, Role, SessionID, InstanceID string
	ReadOnly                                      bool  // may not write; left out where false
	PingMs                                        int64 // send a ping at least this often
	Limits                                        Limits
	Status                                        Status
}

// Limits are what a client must keep to.
type Limits struct {
	MaxMessageLength int   // runes
	MaxFrameBytes    int   // bytes
	RateMessages     int   // messages in RateWindowMs, 0: no limit
	RateWindowMs     int64 // ms
}

// Status is the node's link state in words, the same everywhere they are shown.
type Status struct {
	Degraded bool
	Cause    string // empty when ok
	Since    int64  // ms since the Unix epoch
	Effects  []string
}

// Ack answers a write.
type Ack struct {
	ID, Room, MessageID string
	Seq                 uint64 // 0: not known yet (stored in the journal)
	Stored              string // StoredRedis, StoredJournal or StoredLocal
	Duplicate           bool
}

// Where an acknowledged write is stored.
const (
	StoredRedis   = "redis"
	StoredJournal = "journal"
	StoredLocal   = "local"
)

// Counts are the users present in a room, by role.
type Counts struct{ Guests, Members, Admins int }

// A User is one line of a roster, or someone who types.
type User struct {
	ID, Name, Avatar, Role string
}

// A CommittedSeq tells a provisional message's place.
type CommittedSeq struct {
	ID  string
	Seq uint64
}

// Throttled tells a client to slow down.
type Throttled struct {
	ID, Room               string
	RetryAfterMs, WindowMs int64
	Limit                  int
}
