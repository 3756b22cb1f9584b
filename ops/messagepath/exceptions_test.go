package messagepath

// Packages whose files run for each message and are not steps of its path: the actor runtime, the codec of the client
// protocol, and counters.
var exceptPackages = []string{"actors/process", "actors/stats", "actors/wire"}

// exceptions are further files that run for each message without being steps of its path, with the reasons.
var exceptions = map[string]string{
	"actors/chat/entry.go":    "a value of the domain, passed along",
	"actors/chat/fold.go":     "the cache of recent entries calls it to apply edits; a message changes no other entry",
	"actors/chat/id.go":       "splits an id for the checks of duplicates",
	"actors/chat/kind.go":     "the table of entry kinds",
	"actors/chat/identity.go": "converts the user of the session to the author of the write",

	"actors/fanout/client.go":  "records the time of the client's last frame",
	"actors/fanout/frame.go":   "allocates frames",
	"actors/fanout/group.go":   "data structure of the pass: members of a room and their pending frames",
	"actors/fanout/unicast.go": "queues the ack, which the broadcast contains",
	"actors/fanout/writer.go":  "the message loop of the writer, which calls broadcast.go and pass.go",

	"actors/link/health.go": "the room reads whether the log is available",
	"actors/link/link.go":   "callback of the subscription; it only calls the dispatcher",
	"actors/link/state.go":  "records that a delivery proves the link",

	"actors/moderation/register.go": "session and room read mutes and slow mode",

	"actors/presence/tracker.go": "computes the debounce interval of presence frames, which the room calls",

	"actors/publisher/acked.go":  "remembers the write for the verification after a failover",
	"actors/publisher/floors.go": "records the newest known entry of the room",
	"actors/publisher/pace.go":   "computes how long the batch waits for more writes",

	"actors/room/audit.go":           "checks whether the write is an act of a moderator",
	"actors/room/latency.go":         "measures the time from write to display",
	"actors/room/load.go":            "counts displayed entries",
	"actors/room/members.go":         "checks for joins that wait for the entry",
	"actors/room/presence_notice.go": "adds a due presence frame to the write",
	"actors/room/reader.go":          "checks whether the room is open",
	"actors/room/joins.go":           "checks for joins that wait for the log",
	"actors/room/history.go":         "checks for history requests that wait for the log",
	"actors/room/provisional.go":     "checks whether the entry was shown as provisional",
	"actors/room/slow_mode.go":       "checks whether the room has a slow mode",

	"actors/session/rooms.go":      "finds the joined room of the command",
	"actors/session/rate_limit.go": "the token bucket of the rate limit",

	"actors/timeline/log_pages.go":  "records that the entry exists; a message without a gap needs no page",
	"actors/timeline/effect.go":     "list of effects that the timeline returns to the room",
	"actors/timeline/recent_ids.go": "data structure: ids of recent entries, to drop duplicates",
	"actors/timeline/ring.go":       "data structure: cache of recent entries",

	"transport/redisbus/append_deadline.go":  "calls the scripts again if the clock of Redis was misjudged",
	"transport/redisbus/clock.go":            "computes the deadline of the append in Redis's time",
	"transport/redisbus/envelope.go":         "converts the JSON of a message to the domain value",
	"transport/redisbus/envelope_scanner.go": "parses the JSON of a message",
	"transport/redisbus/errors.go":           "classifies the error of a call; here there is none",
	"transport/redisbus/foreign_keys.go":     "repeats a call that failed because of a key of another type; here it does not",
	"transport/redisbus/json.go":             "encodes the author of the write as JSON",
	"transport/redisbus/keys.go":             "finds the room of a channel",
	"transport/redisbus/receipt.go":          "decodes the reply of the script, for the ack",

	"transport/ws/gws_conn.go":    "net.Conn for the WebSocket library, which reads through it",
	"transport/ws/write_linux.go": "the system call of one operating system",
	"transport/ws/write_other.go": "the system call of the other operating systems",
}
