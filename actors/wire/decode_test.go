package wire_test

import (
	"errors"
	"os"
	"testing"

	"chatnode/actors/wire"
)

// Every command of the protocol, as testdata/command_<type>.json spells it.
var commands = []wire.Command{
	{Type: wire.Ping, T: "1767323045678"},
	{Type: wire.Join, ID: "j1", Room: "lobby", HasSince: true, Since: wire.Position{Epoch: "k3f9", Seq: 41}},
	{Type: wire.Leave, ID: "l1", Room: "lobby"},
	{Type: wire.SendMessage, ID: "m1", Room: "global", Message: "Hello, wörld 👋"},
	{Type: wire.EditMessage, ID: "e1", Room: "global", MessageID: "01JGK8Z7", Message: "Hello, world"},
	{Type: wire.DeleteMessage, ID: "d1", Room: "global", MessageID: "01JGK8Z7"},
	{Type: wire.BulkDelete, ID: "b1", Room: "global", UserID: "u-7"},
	{Type: wire.History, ID: "h1", Room: "global", Before: 42, Limit: 50},
	{Type: wire.Who, ID: "w1", Room: "global", Cursor: "u-7", Limit: 100},
	{Type: wire.Typing, Room: "global"},
	{Type: wire.Auth, ID: "a1", Token: "eyJhbGciOi.eyJzdWIiOi.c2lnbmF0"},
}

func TestDecodeEveryCommand(t *testing.T) {
	if len(commands) != int(wire.Auth) {
		t.Fatalf("%d commands in the table, %d in the protocol", len(commands), wire.Auth)
	}
	for _, want := range commands {
		t.Run(want.Type.String(), func(t *testing.T) {
			frame, err := os.ReadFile("testdata/command_" + want.Type.String() + ".json")
			if err != nil {
				t.Fatal(err)
			}
			if got, err := wire.Decode(frame); err != nil || got != want {
				t.Errorf("got %+v, %v\nwant %+v", got, err, want)
			}
		})
	}
}

func TestDecodeReads(t *testing.T) {
	for name, row := range map[string]struct {
		frame string
		want  wire.Command
	}{
		"a room left out is the session's": {`{"type":"send_message","message":"hi"}`, wire.Command{Type: wire.SendMessage, Message: "hi"}},
		"unknown fields are skipped":       {`{"x":{"y":[1,"\u0041",{}]},"type":"typing"}`, wire.Command{Type: wire.Typing}},
		"the last of two counts":           {`{"type":"join","room":"a","room":"b"}`, wire.Command{Type: wire.Join, Room: "b"}},
		"null is absent":                   {`{"type":"who","room":"a","cursor":null,"limit":null}`, wire.Command{Type: wire.Who, Room: "a"}},
		"an unknown type is named":         {`{"type":"dance","id":"1"}`, wire.Command{TypeName: "dance", ID: "1"}},
		"a long one in part, whole runes":  {`{"type":"0123456789012345678901234567890é"}`, wire.Command{TypeName: "0123456789012345678901234567890"}},
		"no type is unknown":               {`{"id":"1"}`, wire.Command{ID: "1"}},
		"escapes":                          {`{"message":"\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00"}`, wire.Command{Message: "\"\\/\b\f\n\r\té😀"}},
		"half a surrogate pair":            {`{"message":"\ud83d!"}`, wire.Command{Message: "\uFFFD!"}},
		"t stays raw":                      {`{"type":"ping","t":"\u0041"}`, wire.Command{Type: wire.Ping, T: `"\u0041"`}},
		"seq to the last bit":              {`{"since":{"epoch":"","seq":18446744073709551615}}`, wire.Command{HasSince: true, Since: wire.Position{Seq: 1<<64 - 1}}},
		"the newest page":                  {`{"type":"history","room":"a","limit":0}`, wire.Command{Type: wire.History, Room: "a"}},
	} {
		t.Run(name, func(t *testing.T) {
			if got, err := wire.Decode([]byte(row.frame)); err != nil || got != row.want {
				t.Errorf("got %+v, %v\nwant %+v", got, err, row.want)
			}
		})
	}
}

func TestDecodeRejects(t *testing.T) {
	for name, row := range map[string]struct {
		frame string
		want  wire.Error
	}{
		"an array":                     {`[{"type":"ping"}]`, wire.Error{Code: wire.CodeBadJSON}},
		"two objects":                  {`{"type":"ping"}{}`, wire.Error{Code: wire.CodeBadJSON}},
		"bytes that are not UTF-8":     {"{\"message\":\"\xc3\"}", wire.Error{Code: wire.CodeBadJSON}},
		"a wrong type, the id after":   {`{"room":7,"id":"x"}`, wire.Error{Code: wire.CodeBadField, Field: "room", ID: "x"}},
		"the first of two wrong types": {`{"limit":1.5,"room":7}`, wire.Error{Code: wire.CodeBadField, Field: "limit"}},
		"an id that cannot be echoed":  {`{"room":7,"id":"<x>"}`, wire.Error{Code: wire.CodeBadField, Field: "room"}},
		"no JSON before wrong types":   {`{"room":7,"id":"x"`, wire.Error{Code: wire.CodeBadJSON}},
		"a page too long":              {`{"limit":201}`, wire.Error{Code: wire.CodeBadField, Field: "limit"}},
		"a negative seq":               {`{"since":{"seq":-1}}`, wire.Error{Code: wire.CodeBadField, Field: "since"}},
		"an id that is a number":       {`{"id":1}`, wire.Error{Code: wire.CodeBadField, Field: "id"}},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := wire.Decode([]byte(row.frame))
			var refused *wire.Error
			if !errors.As(err, &refused) || *refused != row.want || got != (wire.Command{}) {
				t.Errorf("got %+v, %v\nwant %+v", got, err, row.want)
			}
		})
	}
}

// The transport reuses a frame's buffer as soon as Decode returns.
func TestDecodeCopiesStrings(t *testing.T) {
	frame := []byte(`{"type":"dance","id":"i","room":"r","message":"m","t":"t","since":{"epoch":"e"}}`)
	cmd, err := wire.Decode(frame)
	if err != nil {
		t.Fatal(err)
	}
	clear(frame)
	want := wire.Command{TypeName: "dance", ID: "i", Room: "r", Message: "m", T: `"t"`, HasSince: true, Since: wire.Position{Epoch: "e"}}
	if cmd != want {
		t.Errorf("after the buffer was reused: %+v", cmd)
	}
}

func TestErrorNamesField(t *testing.T) {
	if got := (&wire.Error{Code: wire.CodeBadField, Field: "limit"}).Error(); got != "bad_field: limit" {
		t.Error(got)
	}
	if got := (&wire.Error{Code: wire.CodeBadJSON}).Error(); got != "bad_json" {
		t.Error(got)
	}
}
