package redisbus

import "strings"

// keys spells every key and channel; nothing else in the program does. On a single server the
// names are those of the operations guide to the letter. In a cluster the room is a hash tag, so
// that all keys and channels of a room lie in one slot and a script may touch them together.
type keys struct{ cluster bool }

// The roles that presence is counted by, in the order of the scripts' KEYS and replies.
var roles = [...]string{"guest", "member", "admin"}

// globalRoom is the room that every node subscribes to.
const globalRoom = "global"

func (k keys) tag(name string) string {
	if k.cluster {
		return "{" + name + "}"
	}
	return name
}

// meta is a hash {epoch, seq}: the room's position. It outlives the log.
func (k keys) meta(room string) string { return "chat:meta:" + k.tag(room) }

// log is the room's stream, ids <seq>-0.
func (k keys) log(room string) string { return "chat:log:" + k.tag(room) }

// amended is a zset by seq of the messages that no longer stand as the stream has them.
func (k keys) amended(room string) string { return "chat:amended:" + k.tag(room) }

// idem is what the keys of the room's idempotency hashes begin with; the script appends the
// number of the time bucket.
func (k keys) idem(room string) string { return "chat:idem:" + k.tag(room) + ":" }

// foreign is where a key goes that is of another type than ours: out of the way, and not lost.
func (k keys) foreign(key string) string {
	return "chat:foreign:" + strings.TrimSuffix(strings.TrimPrefix(key, "chat:"), ":")
}

// presence is a zset user -> last seen for each role, in the order of roles.
func (k keys) presence(room string) [len(roles)]string {
	var names [len(roles)]string
	for i, role := range roles {
		names[i] = "chat:presence:" + k.tag(room) + ":" + role + "s"
	}
	return names
}

// shared is a hash of the users who are on several nodes at once.
func (k keys) shared(room string) string { return "chat:presence:" + k.tag(room) + ":shared" }

// presenceTags counts the nodes that ever wrote presence.
func (k keys) presenceTags() string { return "chat:presence:" + k.tag("tags") }

// instances is the index of the registry: a zset instance -> last heartbeat.
func (k keys) instances() string { return "chat:" + k.tag("instances") }

// instance is the record of one instance.
func (k keys) instance(id string) string { return k.instances() + ":" + id }

// sanctions is a zset of bans, mutes and slow modes by the time that they end.
func (k keys) sanctions() string { return "chat:" + k.tag("bans") }

// sanctionDetails is a hash of the same fields: who, why, since when.
func (k keys) sanctionDetails() string { return k.sanctions() + ":details" }

// check is a key that the capability check makes and deletes.
func (k keys) check(instance string) string { return "chat:" + k.tag("check-"+instance) }

// broadcast carries what is appended to the room's log.
func (k keys) broadcast(room string) string { return "chat:pubsub:" + k.tag(room) + ":broadcast" }

// presenceChannel carries the room's lossy news: counts, and who is typing.
func (k keys) presenceChannel(room string) string { return "chat:pubsub:" + k.tag(room) + ":presence" }

// control carries orders to all nodes.
func (k keys) control() string { return "chat:pubsub:" + k.tag(globalRoom) + ":control" }

// probe is the channel on which an instance hears itself.
func (k keys) probe(instance string) string { return "chat:pubsub:probe:" + k.tag(instance) }

// roomChannels are the channels that a node with members in the room listens to.
func (k keys) roomChannels(room string) []string {
	return []string{k.broadcast(room), k.presenceChannel(room)}
}

// ownChannels are what a node always listens to, in groups that share a slot.
func (k keys) ownChannels(instance string) [][]string {
	return [][]string{append(k.roomChannels(globalRoom), k.control()), {k.probe(instance)}}
}

// roomOf says which room a channel belongs to; ok is false for the channels of no room.
func (k keys) roomOf(channel string) (room string, ok bool) {
	name, found := strings.CutPrefix(channel, "chat:pubsub:")
	if !found {
		return "", false
	}
	if room, ok = strings.CutSuffix(name, ":broadcast"); !ok {
		room, ok = strings.CutSuffix(name, ":presence")
	}
	if !ok {
		return "", false
	}
	if k.cluster {
		room = strings.TrimSuffix(strings.TrimPrefix(room, "{"), "}")
	}
	return room, true
}

// publish is the command that publishes to a channel.
func (k keys) publish() string {
	if k.cluster {
		return "SPUBLISH"
	}
	return "PUBLISH"
}
