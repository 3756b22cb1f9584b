package node

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestBytesRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := Bytes(rapid.Int64Range(0, 1<<50).Draw(t, "bytes"))
		if back, err := parseBytes(b.String()); err != nil || back != b {
			t.Fatalf("%d: printed as %s, parsed as %d (%v)", b, b, back, err)
		}
	})
}

func TestRateRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		window := time.Duration(rapid.Int64Range(1, 3600_000).Draw(t, "ms")) * time.Millisecond
		want := Rate{rapid.IntRange(1, 1_000_000).Draw(t, "messages"), window}
		if rapid.Bool().Draw(t, "off") {
			want = Rate{}
		}
		var got Rate
		if err := got.UnmarshalText([]byte(want.String())); err != nil || got != want {
			t.Fatalf("%s: parsed as %s (%v)", want, got, err)
		}
	})
}

func FuzzValues(f *testing.F) {
	for _, seed := range []string{"10/1s", "off", "256KiB", "9223372036854775807TiB", "redis://u:p@h:1/2", "https://a.example", "debug", "a.b-c_d", "/", "1/", "-1"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		var r Rate
		if r.UnmarshalText([]byte(s)) == nil && r != (Rate{}) && (r.Messages < 1 || r.Window < time.Millisecond) {
			t.Errorf("%q: parsed as invalid rate %v", s, r)
		}
		if b, err := parseBytes(s); err == nil && b < 0 {
			t.Errorf("%q: parsed as %d bytes", s, b)
		}
		var id InstanceID
		if id.UnmarshalText([]byte(s)) == nil && string(id) != s {
			t.Errorf("%q: parsed as %q", s, id)
		}
		var u RedisURL
		if u.UnmarshalText([]byte(s)) == nil && u.Reveal() != s {
			t.Errorf("%q: parsed as %q", s, u.Reveal())
		}
	})
}
