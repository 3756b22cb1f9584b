package frame

import (
	"bytes"
	"encoding/json"
	"errors"
	"reflect"
	"testing"
)

const message = `{"type":"new_message","room":"load-1","seq":41,"data":{"id":"0-q81-1","userId":"u-7",` +
	`"userName":"Ada \"seq\":9 {[","userAvatar":"","message":"tag-17.xx","timestamp":1767323045678,"seq":5}}`

func TestScan(t *testing.T) {
	cases := []struct {
		in   string
		want Frame
	}{
		{`{"type":"connected","userId":"u","pingMs":25000,"limits":{"pingMs":1}}`, Frame{Kind: Connected, PingMs: 25000}},
		{`{"type":"joined","id":"j","room":"r","epoch":"k3","seq":42,"recovered":true}`, Frame{
			Kind: Joined, ID: []byte("j"), Epoch: []byte("k3"), Seq: 42, Recovered: true,
		}},
		{`{"type":"message_history","epoch":"k3","seq":42,"data":[],"more":true}`, Frame{
			Kind: History, Epoch: []byte("k3"), Seq: 42, Data: []byte("[]"), More: true,
		}},
		{`{"type":"message_deleted","room":"r","seq":43,"messageId":"x"}`, Frame{Kind: Change, Seq: 43}},
		{`{"type":"message_updated","seq":44}`, Frame{Kind: Change, Seq: 44}},
		{`{"type":"bulk_delete","seq":45}`, Frame{Kind: Change, Seq: 45}},
		{`{"type":"committed","epoch":"e","data":[{"id":"x","seq":45}]}`, Frame{
			Kind: Committed, Epoch: []byte("e"), Data: []byte(`[{"id":"x","seq":45}]`),
		}},
		{`{"type":"ack","id":"tag-3","seq":7,"stored":"local","duplicate":true}`, Frame{Kind: Ack, ID: []byte("tag-3"), Seq: 7, Duplicate: true}},
		{`{"type":"throttled","id":"tag-3","retryAfterMs":340}`, Frame{Kind: Throttled, ID: []byte("tag-3"), RetryAfterMs: 340}},
		{`{"type":"error","code":"overloaded","retry":true,"retryAfterMs":5}`, Frame{
			Kind: Error, Code: []byte("overloaded"), Retry: true, RetryAfterMs: 5,
		}},
		{`{"type":"shutdown","reconnectAfterMs":4200,"deadlineMs":1}`, Frame{Kind: Shutdown, ReconnectAfterMs: 4200}},
		{`{"type":"resync","epoch":"m7","why":"\\"}`, Frame{Kind: Resync, Epoch: []byte("m7")}},
		{`{"type":"new_message","provisional":true}`, Frame{Kind: Message, Provisional: true}},
		{" {\n\t\"type\" : \"presence\" ,\r\"seq\" : 3 } ", Frame{Seq: 3}},
		{`{"type":7,"id":null,"seq":-1,"pingMs":99999999999999999999}`, Frame{}},
		{`{}`, Frame{}},
	}
	for _, c := range cases {
		var f Frame
		if err := f.Scan([]byte(c.in)); err != nil || !reflect.DeepEqual(f, c.want) {
			t.Errorf("%s:\n%+v (%v), not\n%+v", c.in, f, err, c.want)
		}
	}
}

func TestScanIgnoresNestedMembers(t *testing.T) {
	var f Frame
	if err := f.Scan([]byte(message)); err != nil {
		t.Fatal(err)
	}
	if f.Kind != Message || f.Seq != 41 || f.ID != nil || !json.Valid(f.Data) {
		t.Errorf("%+v", f)
	}
}

func TestScanRejectsNonObjects(t *testing.T) {
	for _, in := range []string{"", " ", "[]", "{", `{"a`, `{"a"`, `{"a":`, `{"a":}`, `{"a":1`, `{"a":"x}`, `{"a":{"b":[}`, `{"a":1,`, `{1:2}`} {
		var f Frame
		if err := f.Scan([]byte(in)); !errors.Is(err, ErrMalformed) {
			t.Errorf("%q: %v", in, err)
		}
	}
}

func TestDecodeData(t *testing.T) {
	f := Frame{Data: []byte(`[{"seq":3,"id":"x","message":"tag-17.xx"}]`)}
	if got, err := f.Entries(); err != nil || !reflect.DeepEqual(got, []Entry{{3, "tag-17.xx"}}) {
		t.Errorf("%v, %v", got, err)
	}
	if got, err := f.Commits(); err != nil || !reflect.DeepEqual(got, []Commit{{3}}) {
		t.Errorf("%v, %v", got, err)
	}
	if got, err := (&Frame{}).Entries(); err != nil || got != nil {
		t.Errorf("no data: %v, %v", got, err)
	}
	if _, err := (&Frame{Data: []byte("{}")}).Entries(); err == nil {
		t.Error("an object passes for a list")
	}
}

func TestScanDoesNotAllocate(t *testing.T) {
	in := []byte(message)
	var f Frame
	if n := testing.AllocsPerRun(100, func() { _ = f.Scan(in) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

// FuzzScan compares with encoding/json for each frame that the latter can read.
func FuzzScan(f *testing.F) {
	f.Add([]byte(message))
	f.Add([]byte(`{"type":"ack","id":"a","seq":7,"x":[{"y":"\\\""}]}`))
	f.Fuzz(func(t *testing.T, in []byte) {
		var got Frame
		err := got.Scan(in)
		var members map[string]json.RawMessage
		if json.Unmarshal(in, &members) != nil || members == nil || hasTwice(in, len(members)) {
			return
		}
		if err != nil {
			t.Fatalf("%q: %v", in, err)
		}
		if data := members["data"]; data != nil && !bytes.Equal(got.Data, bytes.TrimSpace(data)) {
			t.Fatalf("%q: data %q, not %q", in, got.Data, data)
		}
		if seq := members["seq"]; seq != nil && got.Seq != number(bytes.TrimSpace(seq)) {
			t.Fatalf("%q: seq %d, not %s", in, got.Seq, seq)
		}
	})
}

// hasTwice reports whether the object has a member twice, or a name with escapes. Which of the two counts is undefined.
func hasTwice(in []byte, members int) bool {
	d := json.NewDecoder(bytes.NewReader(in))
	depth, keys, isKey := 0, 0, false
	for {
		token, err := d.Token()
		if err != nil {
			return keys != members || bytes.Contains(in, []byte(`\u`))
		}
		switch delim, ok := token.(json.Delim); {
		case ok && (delim == '{' || delim == '['):
			depth++
			isKey = depth == 1
		case ok:
			depth--
			isKey = depth == 1
		case depth == 1 && isKey:
			keys++
			isKey = false
		case depth == 1:
			isKey = true
		}
	}
}

func BenchmarkScan(b *testing.B) {
	in := []byte(message)
	b.SetBytes(int64(len(in)))
	b.ReportAllocs()
	var f Frame
	for b.Loop() {
		if err := f.Scan(in); err != nil {
			b.Fatal(err)
		}
	}
}
