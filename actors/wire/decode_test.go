package wire_test

import (
	"errors"
	"os"
	"testing"

	"chatnode/actors/wire"
)

// commands contains each command of the protocol as it is in testdata/command_<type>.json.
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
		t.Fatalf("%d commands in the table, want %d", len(commands), wire.Auth)
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
		"missing room":       {`{"type":"send_message","message":"hi"}`, wire.Command{Type: wire.SendMessage, Message: "hi"}},
		"unknown fields":     {`{"x":{"y":[1,"\u0041",{}]},"type":"typing"}`, wire.Command{Type: wire.Typing}},
		"duplicate field":    {`{"type":"join","room":"a","room":"b"}`, wire.Command{Type: wire.Join, Room: "b"}},
		"null fields":        {`{"type":"who","room":"a","cursor":null,"limit":null}`, wire.Command{Type: wire.Who, Room: "a"}},
		"unknown type":       {`{"type":"dance","id":"1"}`, wire.Command{TypeName: "dance", ID: "1"}},
		"long unknown type":  {`{"type":"0123456789012345678901234567890é"}`, wire.Command{TypeName: "0123456789012345678901234567890"}},
		"missing type":       {`{"id":"1"}`, wire.Command{ID: "1"}},
		"escapes":            {`{"message":"\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00"}`, wire.Command{Message: "\"\\/\b\f\n\r\té😀"}},
		"unpaired surrogate": {`{"message":"\ud83d!"}`, wire.Command{Message: "\uFFFD!"}},
		"raw t":              {`{"type":"ping","t":"\u0041"}`, wire.Command{Type: wire.Ping, T: `"\u0041"`}},
		"largest seq":        {`{"since":{"epoch":"","seq":18446744073709551615}}`, wire.Command{HasSince: true, Since: wire.Position{Seq: 1<<64 - 1}}},
		"newest page":        {`{"type":"history","room":"a","limit":0}`, wire.Command{Type: wire.History, Room: "a"}},
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
		"array":                       {`[{"type":"ping"}]`, wire.Error{Code: wire.CodeBadJSON}},
		"two objects":                 {`{"type":"ping"}{}`, wire.Error{Code: wire.CodeBadJSON}},
		"invalid UTF-8":               {"{\"message\":\"\xc3\"}", wire.Error{Code: wire.CodeBadJSON}},
		"wrong type before the id":    {`{"room":7,"id":"x"}`, wire.Error{Code: wire.CodeBadField, Field: "room", ID: "x"}},
		"two wrong types":             {`{"limit":1.5,"room":7}`, wire.Error{Code: wire.CodeBadField, Field: "limit"}},
		"wrong type and invalid id":   {`{"room":7,"id":"<x>"}`, wire.Error{Code: wire.CodeBadField, Field: "room"}},
		"wrong type and invalid JSON": {`{"room":7,"id":"x"`, wire.Error{Code: wire.CodeBadJSON}},
		"limit too large":             {`{"limit":201}`, wire.Error{Code: wire.CodeBadField, Field: "limit"}},
		"negative seq":                {`{"since":{"seq":-1}}`, wire.Error{Code: wire.CodeBadField, Field: "since"}},
		"id of type number":           {`{"id":1}`, wire.Error{Code: wire.CodeBadField, Field: "id"}},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := wire.Decode([]byte(row.frame))
			var rejected *wire.Error
			if !errors.As(err, &rejected) || *rejected != row.want || got != (wire.Command{}) {
				t.Errorf("got %+v, %v\nwant %+v", got, err, row.want)
			}
		})
	}
}

// The transport reuses the buffer of a frame after Decode.
func TestDecodeCopiesStrings(t *testing.T) {
	frame := []byte(`{"type":"dance","id":"i","room":"r","message":"m","t":"t","since":{"epoch":"e"}}`)
	cmd, err := wire.Decode(frame)
	if err != nil {
		t.Fatal(err)
	}
	clear(frame)
	want := wire.Command{TypeName: "dance", ID: "i", Room: "r", Message: "m", T: `"t"`, HasSince: true, Since: wire.Position{Epoch: "e"}}
	if cmd != want {
		t.Errorf("command after its buffer was cleared: %+v", cmd)
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
