package actorstest

import (
	"testing/synctest"
	"time"

	"chatnode/actors/chat"
	"chatnode/actors/wire"
)

// Settings returns the settings of a standalone node. Its Verify rejects every token.
func Settings() chat.Settings {
	return chat.Settings{
		InstanceID: "test", Incarnation: "aaaaaaaa", Stored: wire.StoredLocal, Recent: 16, HistorySize: 1 << 30, MaxMessageLength: 2000, MaxFrameBytes: 16384, MaxRooms: 10,
		OutboxBytes: 256 << 10, PingInterval: 25 * time.Second, PresenceTimeout: 30 * time.Second, PresenceDebounce: 500 * time.Millisecond,
		DedupWindow: 5 * time.Second, IdempotencyWindow: 2 * time.Minute, RoomIdle: 30 * time.Second, LinkTimeout: time.Second, HeartbeatInterval: 10 * time.Second,
		Verify: func(string) (chat.Identity, error) { return chat.Identity{}, ErrFake },
	}
}

// AsMember returns the identity of a member whose name is the id.
func AsMember(id string) chat.Identity {
	return chat.Identity{UserID: id, UserName: id, Role: chat.RoleMember}
}

// Pause advances the virtual clock by d, and waits until all goroutines of the test are idle.
func Pause(d time.Duration) {
	<-time.After(d)
	synctest.Wait()
}
