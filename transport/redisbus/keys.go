package redisbus

import "strings"

// keys builds the names of all keys and channels. On a single server they are exactly the names in the operations
// guide. In a cluster the room is a hash tag. All keys and channels of a room are then in one slot, so that one script
// may access them.
type keys struct{ cluster bool }

// roles of present users, in the order of the KEYS and replies of the scripts.
var roles = [...]string{"guest", "member", "admin"}

// globalRoom is the room to which every node subscribes.
const globalRoom = "global"

func (k keys) tag(name string) string {
	if k.cluster {
		return "{" + name + "}"
	}
	return name
}

// meta returns the key of a hash {epoch, seq}, the position of the room. It remains if the log is lost.
func (k keys) meta(room string) string { return "chat:meta:" + k.tag(room) }

// log returns the key of the stream of the room; stream ids are <seq>-0.
func (k keys) log(room string) string { return "chat:log:" + k.tag(room) }

// amended returns the key of a zset, scored by seq, with the current state of edited and deleted messages.
func (k keys) amended(room string) string { return "chat:amended:" + k.tag(room) }

// idem returns the prefix of the keys of the idempotency hashes of the room. The script appends the number of the time
// bucket.
func (k keys) idem(room string) string { return "chat:idem:" + k.tag(room) + ":" }

// foreign returns the new name of a key that has the wrong type.
func (k keys) foreign(key string) string {
	return "chat:foreign:" + strings.TrimSuffix(strings.TrimPrefix(key, "chat:"), ":")
}

// presence returns one key per role, in the order of roles: a zset user -> last seen.
func (k keys) presence(room string) [len(roles)]string {
	var names [len(roles)]string
	for i, role := range roles {
		names[i] = "chat:presence:" + k.tag(room) + ":" + role + "s"
	}
	return names
}

// shared returns the key of a hash of the users who are connected to several nodes.
func (k keys) shared(room string) string { return "chat:presence:" + k.tag(room) + ":shared" }

// presenceTags returns the key of the counter from which processes get their presence tags.
func (k keys) presenceTags() string { return "chat:presence:" + k.tag("tags") }

// instances returns the key of the registry index: a zset instance -> last heartbeat.
func (k keys) instances() string { return "chat:" + k.tag("instances") }

// instance returns the key of the record of one instance.
func (k keys) instance(id string) string { return k.instances() + ":" + id }

// sanctions returns the key of a zset of bans, mutes and slow modes, scored by their end.
func (k keys) sanctions() string { return "chat:" + k.tag("bans") }

// sanctionDetails returns the key of a hash of the same fields, with author, reason and start.
func (k keys) sanctionDetails() string { return k.sanctions() + ":details" }

// check returns the key that the check script creates and deletes.
func (k keys) check(instance string) string { return "chat:" + k.tag("check-"+instance) }

// broadcast returns the channel of the entries that are appended to the log of the room.
func (k keys) broadcast(room string) string { return "chat:pubsub:" + k.tag(room) + ":broadcast" }

// presenceChannel returns the channel of the signals of a room: counts, typing, and names.
func (k keys) presenceChannel(room string) string { return "chat:pubsub:" + k.tag(room) + ":presence" }

// control returns the channel of orders to all nodes.
func (k keys) control() string { return "chat:pubsub:" + k.tag(globalRoom) + ":control" }

// probe returns the channel on which an instance sends probes to itself.
func (k keys) probe(instance string) string { return "chat:pubsub:probe:" + k.tag(instance) }

// roomChannels returns the channels to which a node with members in the room subscribes.
func (k keys) roomChannels(room string) []string {
	return []string{k.broadcast(room), k.presenceChannel(room)}
}

// nodeChannels returns the channels to which a node always subscribes, in groups that share a slot.
func (k keys) nodeChannels(instance string) [][]string {
	return [][]string{append(k.roomChannels(globalRoom), k.control()), {k.probe(instance)}}
}

// roomOf returns the room of a channel. ok is false if the channel does not belong to a room.
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

// publish returns the command that publishes to a channel.
func (k keys) publish() string {
	if k.cluster {
		return "SPUBLISH"
	}
	return "PUBLISH"
}
