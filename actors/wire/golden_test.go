package wire_test

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"chatnode/actors/wire"
)

var update = flag.Bool("update", false, "write the current server frames to testdata")

// serverFrames returns one frame of each type that a server sends, as it is in testdata/server_<name>.json. A name is
// a type, or a type, a dash and a variant.
func serverFrames() map[string][]byte {
	message := wire.Message{
		ID: "01JGK8Z7", UserID: "u-7", UserName: "Ada", UserAvatar: "https://example.org/ada.png",
		Text: "Hello, wörld 👋", At: 1767323045678,
	}
	edited := message
	edited.Text, edited.EditedAt = "Hello, world", 1767323105678
	at := wire.Position{Epoch: "k3f9", Seq: 42}
	ok := wire.Status{Since: 1767323000000}
	return map[string][]byte{
		"connected": wire.AppendConnected(nil, &wire.Connected{
			UserID: "u-7", UserName: "Ada", Role: "member", SessionID: "s-81c2", InstanceID: "chat-1", PingMs: 25000,
			Limits: wire.Limits{MaxMessageLength: 2000, MaxFrameBytes: 16384, RateMessages: 10, RateWindowMs: 1000},
			Status: ok,
		}),
		"joined":          wire.AppendJoined(nil, "j1", "lobby", at, true, 1),
		"left":            wire.AppendLeft(nil, "l1", "lobby"),
		"message_history": wire.AppendHistory(nil, "h1", "global", at, []wire.HistoryItem{{Seq: 41, Message: edited}}, true),
		"new_message":     wire.AppendNewMessage(nil, "global", 41, &message, false),
		"new_message-provisional": wire.AppendNewMessage(nil, "global", 0,
			&wire.Message{ID: "01JGK8Z7", UserID: "u-7", UserName: "Ada", Text: "Still here?", At: 1767323045678}, true),
		"message_updated":            wire.AppendMessageUpdated(nil, "global", 42, &edited),
		"message_deleted":            wire.AppendMessageDeleted(nil, "global", 43, "01JGK8Z7"),
		"message_deleted-taken-back": wire.AppendSuperseded(nil, "global", "01JGK8Z7"),
		"bulk_delete":                wire.AppendBulkDelete(nil, "global", 44, "u-7", 3),
		"committed":                  wire.AppendCommitted(nil, "global", "k3f9", []wire.CommittedSeq{{ID: "01JGK8Z7", Seq: 45}, {ID: "01JGK900", Seq: 46}}),
		"ack": wire.AppendAck(nil, &wire.Ack{
			ID: "m1", Room: "global", MessageID: "01JGK8Z7", Seq: 41, Stored: wire.StoredRedis,
		}),
		"ack-duplicate": wire.AppendAck(nil, &wire.Ack{
			ID: "m1", Room: "global", MessageID: "01JGK8Z7", Seq: 41, Stored: wire.StoredLocal, Duplicate: true,
		}),
		"ack-journal": wire.AppendAck(nil, &wire.Ack{
			ID: "m1", Room: "global", MessageID: "01JGK8Z7", Stored: wire.StoredJournal,
		}),
		"ack-auth": wire.AppendAck(nil, &wire.Ack{ID: "a1"}),
		"presence": wire.AppendPresence(nil, "global", wire.Counts{Guests: 12, Members: 30, Admins: 1}, true),
		"roster": wire.AppendRoster(nil, "w1", "global", []wire.User{
			{ID: "guest-9f", Role: "guest"}, {ID: "u-7", Name: "Ada", Avatar: "https://example.org/ada.png", Role: "member"},
		}, "u-7"),
		"typing":          wire.AppendTyping(nil, "global", wire.User{ID: "u-7", Name: "Ada"}),
		"pong":            wire.AppendPong(nil, "1767323045678"),
		"throttled":       wire.AppendThrottled(nil, &wire.Throttled{ID: "m2", Room: "global", RetryAfterMs: 340, WindowMs: 1000, Limit: 10}),
		"error":           wire.AppendError(nil, "m3", wire.CodeMessageTooLong, 0),
		"error-retry":     wire.AppendError(nil, "m4", wire.CodeOverloaded, 1500),
		"status":          wire.AppendStatus(nil, &ok),
		"status-degraded": wire.AppendStatus(nil, &wire.Status{Degraded: true, Cause: "redis does not answer", Since: 1767323045678, Effects: []string{"messages are stored by this node and shown to its own users first", "presence counts only this node"}}),
		"auth_expiring":   wire.AppendAuthExpiring(nil, 60000),
		"resync":          wire.AppendResync(nil, "global", "m7q2", "the room's log has begun a new epoch"),
		"shutdown":        wire.AppendShutdown(nil, "rolling update", 4200, 20000),
	}
}

func TestServerFramesAreGolden(t *testing.T) {
	for name, frame := range serverFrames() {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join("testdata", "server_"+name+".json")
			got := string(frame) + "\n"
			if *update {
				if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatalf("%v (go test ./actors/wire -update writes it)", err)
			}
			if got != string(want) {
				t.Errorf("frame differs from its golden file (run with -update if the change is intended)\n got %s\nwant %s", got, want)
			}
		})
	}
}

// Each golden file belongs to a frame or a command of the tests.
func TestEveryGoldenFileIsUsed(t *testing.T) {
	used := map[string]bool{}
	for name := range serverFrames() {
		used["server_"+name+".json"] = true
	}
	for _, cmd := range commands {
		used["command_"+cmd.Type.String()+".json"] = true
	}
	files, err := filepath.Glob("testdata/*.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if !used[filepath.Base(file)] {
			t.Errorf("%s is not used by a test", file)
		}
	}
	if len(files) != len(used) {
		t.Errorf("%d golden files, want %d", len(files), len(used))
	}
}
