package wire_test

import (
	"bytes"
	"encoding/json"
	"math"
	"unicode/utf8"

	"chatnode/actors/wire"
)

// reference decodes a frame with encoding/json, one member at a time. It defines the frames that Decode accepts. The
// code is CodeNone if the frame is valid.
func reference(p []byte) (wire.Command, wire.Code) {
	var ref referenceDecoder
	if !utf8.Valid(p) || !json.Valid(p) || depth(p) > 32 || !ref.members(p, ref.field) {
		return wire.Command{}, wire.CodeBadJSON
	}
	if ref.bad {
		return wire.Command{}, wire.CodeBadField
	}
	return ref.cmd, wire.CodeNone
}

// referenceDecoder is the state of one call of reference.
type referenceDecoder struct {
	cmd wire.Command
	bad bool
}

// members calls each with the members of an object in order, including duplicates.
func (ref *referenceDecoder) members(p []byte, each func(key string, value json.RawMessage)) bool {
	dec := json.NewDecoder(bytes.NewReader(p))
	if first, err := dec.Token(); err != nil || first != json.Delim('{') {
		return false
	}
	for dec.More() {
		key, err := dec.Token()
		if err != nil {
			return false
		}
		var value json.RawMessage
		if err := dec.Decode(&value); err != nil {
			return false
		}
		each(key.(string), value)
	}
	return true
}

// into unmarshals value into v. encoding/json ignores null, as Decode does.
func (ref *referenceDecoder) into(value json.RawMessage, v any) bool {
	err := json.Unmarshal(value, v)
	ref.bad = ref.bad || err != nil
	return err == nil
}

func (ref *referenceDecoder) field(key string, value json.RawMessage) {
	cmd := &ref.cmd
	texts := map[string]*string{
		"id": &cmd.ID, "room": &cmd.Room, "message": &cmd.Message, "messageId": &cmd.MessageID,
		"userId": &cmd.UserID, "token": &cmd.Token, "cursor": &cmd.Cursor,
	}
	switch key {
	case "type":
		ref.commandType(value)
	case "since":
		ref.since(value)
	case "before":
		ref.into(value, &cmd.Before)
	case "limit":
		ref.limit(value)
	case "t":
		ref.echo(value)
	default:
		if into := texts[key]; into != nil {
			ref.into(value, into)
		}
	}
}

func (ref *referenceDecoder) commandType(value json.RawMessage) {
	name := ""
	if !ref.into(value, &name) || string(value) == "null" {
		return
	}
	ref.cmd.Type, ref.cmd.TypeName = wire.Unknown, ""
	for t := wire.Ping; t <= wire.Auth; t++ {
		if t.String() == name {
			ref.cmd.Type = t
			return
		}
	}
	for _, r := range name {
		if len(ref.cmd.TypeName)+utf8.RuneLen(r) > 32 {
			return
		}
		ref.cmd.TypeName += string(r)
	}
}

func (ref *referenceDecoder) since(value json.RawMessage) {
	if string(value) == "null" {
		return
	}
	if value[0] != '{' {
		ref.bad = true
		return
	}
	ref.cmd.HasSince, ref.cmd.Since = true, wire.Position{}
	ref.members(value, func(key string, value json.RawMessage) {
		switch key {
		case "epoch":
			ref.into(value, &ref.cmd.Since.Epoch)
		case "seq":
			ref.into(value, &ref.cmd.Since.Seq)
		}
	})
}

func (ref *referenceDecoder) limit(value json.RawMessage) {
	n := uint64(ref.cmd.Limit)
	ref.into(value, &n)
	ref.bad = ref.bad || n > wire.MaxPage
	ref.cmd.Limit = int(min(n, math.MaxInt32))
}

func (ref *referenceDecoder) echo(value json.RawMessage) {
	switch c := value[0]; {
	case c == 'n':
	case c == '{', c == '[', c == 't', c == 'f', len(value) > 64:
		ref.bad = true
	default:
		ref.cmd.T = string(value)
	}
}

// depth returns the nesting depth of the valid JSON text p.
func depth(p []byte) (deepest int) {
	dec := json.NewDecoder(bytes.NewReader(p))
	for open := 0; ; {
		token, err := dec.Token()
		if err != nil {
			return deepest
		}
		switch token {
		case json.Delim('{'), json.Delim('['):
			open++
			deepest = max(deepest, open)
		case json.Delim('}'), json.Delim(']'):
			open--
		}
	}
}
