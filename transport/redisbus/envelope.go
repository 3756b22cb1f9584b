package redisbus

import (
	"encoding/json"
	"errors"
	"strconv"

	"chatnode/actors/chat"
	"chatnode/actors/wire"
)

// envelopeVersion is the only supported version.
const envelopeVersion = 1

// Envelope types of signals. An entry has the type chat.EntryKind.Frame.
const (
	typeTyping   = "typing"
	typePresence = "presence"
	typeControl  = "control"
	typeProbe    = "probe"
	typeWho      = "names_wanted"
	typeNames    = "names"
)

// envelope is one message on the bus.
type envelope struct {
	V           int     `json:"v"`
	Type        string  `json:"type"`
	InstanceID  string  `json:"instanceId"`
	Incarnation string  `json:"incarnation"`
	Timestamp   int64   `json:"timestamp"` // ms, clock of Redis
	Room        string  `json:"room"`      // empty: for all nodes
	Epoch       string  `json:"epoch"`     // log entries only
	Seq         uint64  `json:"seq"`       // log entries only
	ID          string  `json:"id"`        // log entries only
	Data        payload `json:"data"`
}

// payload is the data of all envelope types. Each type uses some of its fields.
type payload struct {
	MessageID  string `json:"messageId,omitempty"` // id of the edited or deleted message
	UserID     string `json:"userId,omitempty"`
	UserName   string `json:"userName,omitempty"`
	UserAvatar string `json:"userAvatar,omitempty"`
	Role       string `json:"role,omitempty"`
	Message    string `json:"message,omitempty"`
	CreatedAt  int64  `json:"createdAt,omitempty"` // ms
	EditedAt   int64  `json:"editedAt,omitempty"`  // ms

	DeletedCount int    `json:"deletedCount,omitempty"`
	Guests       int    `json:"guests,omitempty"`
	Members      int    `json:"members,omitempty"`
	Admins       int    `json:"admins,omitempty"`
	Op           string `json:"op,omitempty"`
	Reason       string `json:"reason,omitempty"`
	SentAt       int64  `json:"sentAt,omitempty"` // ns, monotonic clock of the sender

	Who   []string  `json:"who,omitempty"`   // ids of users whose names are requested
	Users []profile `json:"users,omitempty"` // reply to such a request
}

// profile contains the name and avatar of a user. The node that has the connection of the user sends it.
type profile struct {
	UserID     string `json:"userId"`
	UserName   string `json:"userName,omitempty"`
	UserAvatar string `json:"userAvatar,omitempty"`
}

// message returns the payload as a message with the given id.
func (p *payload) message(id string) wire.Message {
	return wire.Message{
		ID: id, UserID: p.UserID, UserName: p.UserName, UserAvatar: p.UserAvatar,
		Text: p.Message, At: p.CreatedAt, EditedAt: p.EditedAt,
	}
}

// sender returns the envelope members that name this node. Both names match nameRule, so they need no escapes.
func sender(instance, incarnation string) string {
	return `"instanceId":"` + instance + `","incarnation":"` + incarnation + `"`
}

// envelopeParts returns the envelope of a signal without its timestamp, which belongs between head and tail.
func envelopeParts(kind, sender, room, data string) (head, tail string) {
	return `{"v":` + strconv.Itoa(envelopeVersion) + `,"type":"` + kind + `",` + sender + `,"timestamp":`,
		`,` + roomMember(room) + `,"epoch":"","seq":0,"id":"","data":` + data + `}`
}

// errInvalidSignal rejects a signal without content.
var errInvalidSignal = errors.New("signal without content")

// encodeSignal returns the channel, type and data of a signal. instance is the id of this node, whose probes use a
// separate channel.
func (k keys) encodeSignal(s *chat.Signal, instance string) (channel, kind, data string, err error) {
	var p payload
	switch {
	case s.Typing != nil:
		u := s.Typing
		channel, kind = k.presenceChannel(s.Room), typeTyping
		p = payload{UserID: u.ID, UserName: u.Name, UserAvatar: u.Avatar, Role: u.Role}
	case s.Presence != nil:
		c := s.Presence
		channel, kind = k.presenceChannel(s.Room), typePresence
		p = payload{Guests: c.Guests, Members: c.Members, Admins: c.Admins}
	case len(s.NamesRequest) > 0:
		channel, kind, p = k.presenceChannel(s.Room), typeWho, payload{Who: s.NamesRequest}
	case len(s.NamesReply) > 0:
		channel, kind, p = k.presenceChannel(s.Room), typeNames, payload{Users: profiles(s.NamesReply)}
	case s.Control != nil:
		c := s.Control
		channel, kind, p = k.control(), typeControl, payload{Op: c.Op, UserID: c.UserID, Reason: c.Reason}
	case s.Probe != nil:
		channel, kind, p = k.probe(instance), typeProbe, payload{SentAt: s.Probe.SentAt}
	default:
		return "", "", "", errInvalidSignal
	}
	raw, err := json.Marshal(p)
	return channel, kind, string(raw), err
}

func profiles(users []wire.User) []profile {
	list := make([]profile, len(users))
	for i, u := range users {
		list[i] = profile{u.ID, u.Name, u.Avatar}
	}
	return list
}
