package redisbus

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"chatnode/actors/chat"
	"chatnode/actors/wire"
)

// streamEntry is one entry of the stream as the append script wrote it. Its kind determines its fields.
type streamEntry struct {
	kind      string
	id        string
	at        int64  // ms
	author    string // message: JSON members
	text      string // message: JSON string
	target    string // edit, deletion: id of the message
	targetSeq uint64 // edit, deletion: seq of the message
	user      string // bulk deletion: JSON string
	count     int    // bulk deletion
}

// parseStreamEntry parses the reply {'<seq>-0', {field, value, …}}. An entry with an invalid field is handled like
// an evicted one, so that the room can be read in spite of foreign entries in its stream.
func parseStreamEntry(v any) (seq uint64, s streamEntry, err error) {
	pair, ok := v.([]any)
	if !ok || len(pair) != 2 {
		return 0, s, errUnexpectedReply
	}
	id, ok1 := pair[0].(string)
	fields, ok2 := pair[1].([]any)
	if !ok1 || !ok2 {
		return 0, s, errUnexpectedReply
	}
	if seq, err = seqOf(id); err != nil {
		return 0, s, err
	}
	for i := 0; i+1 < len(fields); i += 2 {
		name, _ := fields[i].(string)
		value, _ := fields[i+1].(string)
		if invalid := s.set(name, value); invalid != nil {
			return seq, streamEntry{}, nil //nolint:nilerr // handled like an evicted entry
		}
	}
	return seq, s, nil
}

// seqOf returns the seq of a stream id.
func seqOf(id string) (uint64, error) {
	head, _, _ := strings.Cut(id, "-")
	seq, err := strconv.ParseUint(head, 10, 64)
	if err != nil {
		return 0, fmt.Errorf("stream id %q: %w", id, err)
	}
	return seq, nil
}

func (s *streamEntry) set(name, value string) (err error) {
	switch name {
	case "k":
		s.kind = value
	case "i":
		s.id = value
	case "c":
		s.at, err = strconv.ParseInt(value, 10, 64)
	case "a":
		s.author = value
	case "t":
		s.text = value
	case "r":
		s.target = value
	case "s":
		s.targetSeq, err = strconv.ParseUint(value, 10, 64)
	case "u":
		s.user = value
	case "n":
		s.count, err = strconv.Atoi(value)
	}
	return err
}

// revisions contains the current state of edited and deleted messages, by seq: 'e:' and the message as JSON, or 'd:'
// and its id.
type revisions map[uint64]string

func parseRevisions(v any) (revisions, error) {
	list, ok := v.([]any)
	if !ok {
		return nil, errUnexpectedReply
	}
	r := make(revisions, len(list)/2)
	for i := 0; i+1 < len(list); i += 2 {
		member, ok1 := list[i].(string)
		score, ok2 := list[i+1].(string)
		seq, err := strconv.ParseUint(score, 10, 64)
		if !ok1 || !ok2 || err != nil {
			return nil, errUnexpectedReply
		}
		r[seq] = member
	}
	return r, nil
}

// message returns the edited message at seq. ok is false if it was not edited or was deleted.
func (r revisions) message(seq uint64) (m wire.Message, ok bool, err error) {
	text, edited := strings.CutPrefix(r[seq], "e:")
	if !edited {
		return m, false, nil
	}
	var p payload
	if err := json.Unmarshal([]byte(text), &p); err != nil {
		return m, false, fmt.Errorf("edited message at seq %d: %w", seq, err)
	}
	return p.message(p.MessageID), true, nil
}

// entry returns the current state of the entry at seq. s is its content in the stream.
func (r revisions) entry(seq uint64, s *streamEntry) (chat.Entry, error) {
	if id, deleted := strings.CutPrefix(r[seq], "d:"); deleted {
		return redacted(seq, id, id), nil
	}
	if m, ok, err := r.message(seq); ok || err != nil {
		return chat.Entry{Seq: seq, Kind: chat.EntryMessage, ID: m.ID, Message: m}, err
	}
	kind, _ := chat.KindOfCode(s.kind)
	switch kind {
	case chat.EntryMessage:
		return s.message(seq)
	case chat.EntryEdit:
		m, ok, err := r.message(s.targetSeq)
		if !ok {
			return redacted(seq, s.id, s.target), err
		}
		return chat.Entry{Seq: seq, Kind: chat.EntryEdit, ID: s.id, Message: m}, nil
	case chat.EntryBulkDelete:
		e := chat.Entry{Seq: seq, Kind: chat.EntryBulkDelete, ID: s.id, Count: s.count}
		err := json.Unmarshal([]byte(s.user), &e.UserID)
		return e, err
	case chat.EntryDelete:
	}
	return redacted(seq, s.id, s.target), nil // a deletion, or an evicted entry
}

func (s *streamEntry) message(seq uint64) (chat.Entry, error) {
	var p payload
	if err := json.Unmarshal([]byte("{"+s.author+`,"message":`+s.text+"}"), &p); err != nil {
		return chat.Entry{}, fmt.Errorf("message at seq %d: %w", seq, err)
	}
	p.CreatedAt = s.at
	return chat.Entry{Seq: seq, Kind: chat.EntryMessage, ID: s.id, Message: p.message(s.id)}, nil
}

// redacted returns an entry whose text was deleted.
func redacted(seq uint64, id, target string) chat.Entry {
	return chat.Entry{Seq: seq, Kind: chat.EntryDelete, ID: id, Message: wire.Message{ID: target}}
}
