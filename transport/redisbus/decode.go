package redisbus

import (
	"encoding/json"
	"errors"
	"slices"

	"chatnode/actors/chat"
	"chatnode/actors/wire"
)

// Reason is the reason for dropping a message of the bus. It is a label value of a metric.
type Reason string

// Reasons for dropping a message.
const (
	TooLarge    Reason = "too_large"
	Malformed   Reason = "malformed"   // not a JSON object, or a member has the wrong type
	BadVersion  Reason = "version"     // unsupported version of the envelope
	BadType     Reason = "type"        // unknown type, or a type of another channel
	BadInstance Reason = "instance"    // invalid instance id or incarnation
	BadRoom     Reason = "room"        // room does not match the channel
	BadPosition Reason = "position"    // missing epoch, seq, id or time
	BadData     Reason = "data"        // data is invalid for the type
	Foreign     Reason = "foreign"     // probe of another process with the same instance id
	BadChannel  Reason = "bad_channel" // channel to which the node does not subscribe
)

var reasons = [...]Reason{
	TooLarge, Malformed, BadVersion, BadType, BadInstance, BadRoom, BadPosition, BadData, Foreign, BadChannel,
}

// Reasons returns all reasons, so that their counters start at zero.
func Reasons() []Reason { return append([]Reason(nil), reasons[:]...) }

// Error implements error.
func (r Reason) Error() string { return "dropped: " + string(r) }

// decoder validates received messages and converts them to events.
type decoder struct {
	keys        keys
	instance    string
	incarnation string
	maxBytes    int
}

// decode converts one message to an event. The error is the Reason for dropping it.
func (d *decoder) decode(channel, text string) (chat.Event, error) {
	if len(text) > d.maxBytes {
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

// route rejects types that the channel must not contain.
func (d *decoder) route(channel string, e *envelope) (chat.Event, error) {
	switch channel {
	case d.keys.control():
		return d.decodeSignal(e, "", typeControl)
	case d.keys.probe(d.instance):
		return d.decodeSignal(e, "", typeProbe)
	}
	room, ok := d.keys.roomOf(channel)
	switch {
	case !ok:
		return nil, BadChannel
	case e.Room != room:
		return nil, BadRoom
	case channel == d.keys.presenceChannel(room):
		return d.decodeSignal(e, room, typePresence, typeTyping, typeWho, typeNames)
	}
	return decodeEntry(e)
}

func decodeEntry(e *envelope) (chat.Event, error) {
	if e.Epoch == "" || e.Seq == 0 || !isPlainID(e.ID) {
		return nil, BadPosition
	}
	kind, ok := chat.KindOfFrame(e.Type)
	if !ok {
		return nil, BadType
	}
	p := &e.Data
	entry := chat.Entry{Seq: e.Seq, ID: e.ID, Kind: kind}
	switch kind {
	case chat.EntryMessage:
		entry.Message = p.message(e.ID)
	case chat.EntryEdit:
		entry.Message = p.message(p.MessageID)
	case chat.EntryDelete:
		entry.Message = wire.Message{ID: p.MessageID}
	case chat.EntryBulkDelete:
		entry.UserID, entry.Count = p.UserID, p.DeletedCount
	}
	if !isComplete(&entry) {
		return nil, BadData
	}
	return &chat.Delivered{Room: e.Room, Epoch: e.Epoch, Entry: entry}, nil
}

// isComplete reports whether the entry has the fields that its kind requires.
func isComplete(e *chat.Entry) bool {
	switch e.Kind {
	case chat.EntryBulkDelete:
		return e.UserID != "" && e.Count >= 0
	case chat.EntryDelete:
		return isPlainID(e.Message.ID)
	case chat.EntryEdit:
		return isPlainID(e.Message.ID) && e.Message.UserID != "" && e.Message.At > 0 && e.Message.EditedAt > 0
	case chat.EntryMessage:
		return e.Message.UserID != "" && e.Message.At > 0
	}
	return false
}

// decodeSignal converts a signal that must have one of the types.
func (d *decoder) decodeSignal(e *envelope, room string, types ...string) (chat.Event, error) {
	if !slices.Contains(types, e.Type) {
		return nil, BadType
	}
	if e.Room != room {
		return nil, BadRoom
	}
	s, err := d.signalContent(e)
	if err != nil {
		return nil, err
	}
	s.Room = room
	return s, nil
}

func (d *decoder) signalContent(e *envelope) (s chat.Signal, err error) {
	p := &e.Data
	switch e.Type {
	case typeTyping:
		s.Typing = &wire.User{ID: p.UserID, Name: p.UserName, Avatar: p.UserAvatar, Role: p.Role}
		err = reasonIf(p.UserID == "", BadData)
	case typePresence:
		s.Presence = &wire.Counts{Guests: p.Guests, Members: p.Members, Admins: p.Admins}
		err = reasonIf(p.Guests < 0 || p.Members < 0 || p.Admins < 0, BadData)
	case typeWho:
		s.NamesRequest = p.Who
		err = reasonIf(len(p.Who) == 0 || !validUserIDs(p.Who), BadData)
	case typeNames:
		ids := make([]string, len(p.Users))
		s.NamesReply = make([]wire.User, len(p.Users))
		for i, u := range p.Users {
			ids[i], s.NamesReply[i] = u.UserID, wire.User{ID: u.UserID, Name: u.UserName, Avatar: u.UserAvatar}
		}
		err = reasonIf(len(ids) == 0 || !validUserIDs(ids), BadData)
	case typeControl:
		s.Control = &chat.Control{Op: p.Op, UserID: p.UserID, Reason: p.Reason}
		err = reasonIf(p.Op == "", BadData)
	case typeProbe:
		s.Probe = &chat.Probe{SentAt: p.SentAt}
		err = reasonIf(e.Incarnation != d.incarnation, Foreign)
	}
	return s, err
}

// validUserIDs reports whether all ids may be ids of users.
func validUserIDs(ids []string) bool {
	return !slices.ContainsFunc(ids, func(id string) bool { return !wire.ValidUser(id) })
}

func reasonIf(invalid bool, reason Reason) error {
	if invalid {
		return reason
	}
	return nil
}

// reasonOf returns the Reason in an error of decode.
func reasonOf(err error) Reason {
	var r Reason
	if errors.As(err, &r) {
		return r
	}
	return Malformed
}
