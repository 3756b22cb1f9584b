package redisbus

import (
	"encoding/json"
	"errors"
	"strconv"

	"chatnode/actors/chat"
	"chatnode/actors/wire"
)

// envelopeVersion is the only one that is understood.
const envelopeVersion = 1

// Types of envelope.
const (
	typeMessage  = "new_message"
	typeEdit     = "message_updated"
	typeDelete   = "message_deleted"
	typeBulk     = "bulk_delete"
	typeTyping   = "typing"
	typePresence = "presence"
	typeControl  = "control"
	typeProbe    = "probe"
	typeWho      = "names_wanted"
	typeNames    = "names"
)

// An envelope is one message on the bus.
type envelope struct {
	V           int     `json:"v"`
	Type        string  `json:"type"`
	InstanceID  string  `json:"instanceId"`
	Incarnation string  `json:"incarnation"`
	Timestamp   int64   `json:"timestamp"` // ms, Redis's clock
	Room        string  `json:"room"`      // empty: to all nodes
	Epoch       string  `json:"epoch"`     // of what is in the log
	Seq         uint64  `json:"seq"`       // of what is in the log
	ID          string  `json:"id"`        // of what is in the log
	Data        payload `json:"data"`
}

// A payload is the data of every type; each uses its own part.
type payload struct {
	MessageID  string `json:"messageId,omitempty"` // edit, deletion: which message
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
	SentAt       int64  `json:"sentAt,omitempty"` // ns, the sender's own clock

	Who   []string  `json:"who,omitempty"`   // ids
	Users []profile `json:"users,omitempty"` // what a node knows of its users
}

// A profile is a user as the node that has the connection knows them.
type profile struct {
	UserID     string `json:"userId"`
	UserName   string `json:"userName,omitempty"`
	UserAvatar string `json:"userAvatar,omitempty"`
}

// message is the payload as a message of the given id.
func (p *payload) message(id string) wire.Message {
	return wire.Message{
		ID: id, UserID: p.UserID, UserName: p.UserName, UserAvatar: p.UserAvatar,
		Text: p.Message, At: p.CreatedAt, EditedAt: p.EditedAt,
	}
}

// sender makes the envelope members that name this node. Both names match nameRule, so they need no escapes.
func sender(instance, incarnation string) string {
	return `"instanceId":"` + instance + `","incarnation":"` + incarnation + `"`
}

// envelopeAround makes the envelope of something lossy in two parts, between which the time belongs.
func envelopeAround(kind, sender, room, data string) (head, tail string) {
	return `{"v":` + strconv.Itoa(envelopeVersion) + `,"type":"` + kind + `",` + sender + `,"timestamp":`,
		`,` + roomMember(room) + `,"epoch":"","seq":0,"id":"","data":` + data + `}`
}

// errSignal answers a Signal in which not exactly one thing is set.
var errSignal = errors.New("a signal must hold exactly one of its kinds")

// encodeSignal says on which channel a signal goes, as what type and with what data. instance
// names this node, whose probes go to itself.
func (k keys) encodeSignal(s *chat.Signal, instance string) (channel, kind, data string, err error) {
	var p payload
	switch {
	case s.Typing != nil:
		u := s.Typing
		channel, kind, p = k.presenceChannel(s.Room), typeTyping, payload{UserID: u.ID, UserName: u.Name, UserAvatar: u.Avatar, Role: u.Role}
	case s.Presence != nil:
		c := s.Presence
		channel, kind, p = k.presenceChannel(s.Room), typePresence, payload{Guests: c.Guests, Members: c.Members, Admins: c.Admins}
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
		return "", "", "", errSignal
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
