package redisbus

import (
	"encoding/json"
	"errors"
	"slices"

	"chatnode/actors/chat"
	"chatnode/actors/wire"
)

// A Reason says why a message of the bus was dropped. It is the label of a metric.
type Reason string

// Why a message of the bus is dropped.
const (
	TooLarge    Reason = "too_large"
	Malformed   Reason = "malformed"   // no JSON object, or a member of a wrong type
	BadVersion  Reason = "version"     // another version of the envelope
	BadType     Reason = "type"        // a type that is unknown, or not of this channel
	BadInstance Reason = "instance"    // an instance id or incarnation that is no name
	BadRoom     Reason = "room"        // another room than the channel's
	BadPosition Reason = "position"    // no epoch, seq, id or time, or one where there must be none
	BadData     Reason = "data"        // data that the type cannot have
	Foreign     Reason = "foreign"     // a probe of another process with our instance id
	BadChannel  Reason = "bad_channel" // a channel that nobody subscribed to
)

// reasons are all of them, for metrics that start at zero.
var reasons = [...]Reason{TooLarge, Malformed, BadVersion, BadType, BadInstance, BadRoom, BadPosition, BadData, Foreign, BadChannel}

// Reasons lists every reason.
func Reasons() []Reason { return append([]Reason(nil), reasons[:]...) }

// Error implements error.
func (r Reason) Error() string { return "dropped: " + string(r) }

// A decoder turns what comes from a channel into events.
type decoder struct {
	keys        keys
	instance    string
	incarnation string
	max         int // bytes
}

// decode validates one message. The error is the Reason to drop it.
func (d *decoder) decode(channel, text string) (chat.Event, error) {
	if len(text) > d.max {
		return nil, TooLarge
	}
	var e envelope
	if !scanMessage(text, &e) {
		e = envelope{}
		if err := json.Unmarshal([]byte(text), &e); err != nil {
			return nil, Malformed
		}
	}
	if e.V != envelopeVersion {
		return nil, BadVersion
	}
	if !isName(e.InstanceID) || !isName(e.Incarnation) {
		return nil, BadInstance
	}
	if e.Timestamp <= 0 {
		return nil, BadPosition
	}
	return d.route(channel, &e)
}

// route lets each channel carry only its own types.
func (d *decoder) route(channel string, e *envelope) (chat.Event, error) {
	switch channel {
	case d.keys.control():
		return d.signal(e, "", typeControl)
	case d.keys.probe(d.instance):
		return d.signal(e, "", typeProbe)
	}
	room, ok := d.keys.roomOf(channel)
	switch {
	case !ok:
		return nil, BadChannel
	case e.Room != room:
		return nil, BadRoom
	case channel == d.keys.presenceChannel(room):
		return d.signal(e, room, typePresence, typeTyping, typeWho, typeNames)
	}
	return delivered(e)
}

func delivered(e *envelope) (chat.Event, error) {
	if e.Epoch == "" || e.Seq == 0 || !plain(e.ID) {
		return nil, BadPosition
	}
	p := &e.Data
	entry := chat.Entry{Seq: e.Seq, ID: e.ID}
	switch e.Type {
	case typeMessage:
		entry.Kind, entry.Message = chat.EntryMessage, p.message(e.ID)
	case typeEdit:
		entry.Kind, entry.Message = chat.EntryEdit, p.message(p.MessageID)
	case typeDelete:
		entry.Kind, entry.Message = chat.EntryDelete, wire.Message{ID: p.MessageID}
	case typeBulk:
		entry.Kind, entry.UserID, entry.Count = chat.EntryBulkDelete, p.UserID, p.DeletedCount
	default:
		return nil, BadType
	}
	if !isComplete(&entry) {
		return nil, BadData
	}
	return &chat.Delivered{Room: e.Room, Epoch: e.Epoch, Entry: entry}, nil
}

// isComplete reports whether the entry has what its kind needs.
func isComplete(e *chat.Entry) bool {
	switch e.Kind {
	case chat.EntryBulkDelete:
		return e.UserID != "" && e.Count >= 0
	case chat.EntryDelete:
		return plain(e.Message.ID)
	case chat.EntryEdit:
		return plain(e.Message.ID) && e.Message.UserID != "" && e.Message.At > 0 && e.Message.EditedAt > 0
	default:
		return e.Message.UserID != "" && e.Message.At > 0
	}
}

// signal reads something lossy, which must be of one of the types.
func (d *decoder) signal(e *envelope, room string, types ...string) (chat.Event, error) {
	known := false
	for _, t := range types {
		known = known || e.Type == t
	}
	if !known {
		return nil, BadType
	}
	if e.Room != room {
		return nil, BadRoom
	}
	s, err := d.fill(e)
	if err != nil {
		return nil, err
	}
	s.Room = room
	return s, nil
}

func (d *decoder) fill(e *envelope) (s chat.Signal, err error) {
	p := &e.Data
	switch e.Type {
	case typeTyping:
		s.Typing = &wire.User{ID: p.UserID, Name: p.UserName, Avatar: p.UserAvatar, Role: p.Role}
		err = bad(p.UserID == "", BadData)
	case typePresence:
		s.Presence = &wire.Counts{Guests: p.Guests, Members: p.Members, Admins: p.Admins}
		err = bad(p.Guests < 0 || p.Members < 0 || p.Admins < 0, BadData)
	case typeWho:
		s.NamesRequest = p.Who
		err = bad(len(p.Who) == 0 || !users(p.Who), BadData)
	case typeNames:
		ids := make([]string, len(p.Users))
		s.NamesReply = make([]wire.User, len(p.Users))
		for i, u := range p.Users {
			ids[i], s.NamesReply[i] = u.UserID, wire.User{ID: u.UserID, Name: u.UserName, Avatar: u.UserAvatar}
		}
		err = bad(len(ids) == 0 || !users(ids), BadData)
	case typeControl:
		s.Control = &chat.Control{Op: p.Op, UserID: p.UserID, Reason: p.Reason}
		err = bad(p.Op == "", BadData)
	case typeProbe:
		s.Probe = &chat.Probe{SentAt: p.SentAt}
		err = bad(e.Incarnation != d.incarnation, Foreign)
	}
	return s, err
}

// users says whether all of these may be ids of users.
func users(ids []string) bool {
	return !slices.ContainsFunc(ids, func(id string) bool { return !wire.ValidUser(id) })
}

func bad(is bool, why Reason) error {
	if is {
		return why
	}
	return nil
}

// reasonOf is the Reason in the decoder's error.
func reasonOf(err error) Reason {
	var r Reason
	if errors.As(err, &r) {
		return r
	}
	return Malformed
}
