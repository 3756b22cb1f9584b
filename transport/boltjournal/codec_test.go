package boltjournal

import (
	"errors"
	"reflect"
	"testing"

	"chatnode/actors/chat"
	"chatnode/transport/boltfile"
	"chatnode/transport/disk"
)

// fullWrite returns a write with a value in every field, set by reflection. A field that encodeWrite does not encode
// fails the tests.
func fullWrite(t testing.TB) (w chat.Write) {
	t.Helper()
	n := 0
	var fill func(v reflect.Value)
	fill = func(v reflect.Value) {
		n++
		switch v.Kind() {
		case reflect.String:
			v.SetString("text " + string(rune('a'+n)))
		case reflect.Bool:
			v.SetBool(true)
		case reflect.Uint8:
			v.SetUint(uint64(n))
		case reflect.Uint64:
			v.SetUint(1<<60 + uint64(n))
		case reflect.Struct:
			for i := range v.NumField() {
				fill(v.Field(i))
			}
		default:
			t.Fatalf("a field of chat.Write has type %s, which the journal does not store", v.Type())
		}
	}
	fill(reflect.ValueOf(&w).Elem())
	return w
}

// TestEveryFieldIsStored: a write decodes to itself with all fields, with none, and with each field empty.
func TestEveryFieldIsStored(t *testing.T) {
	full := fullWrite(t)
	cases := []chat.Write{full, {}}
	for i := range reflect.TypeFor[chat.Write]().NumField() {
		w := full
		reflect.ValueOf(&w).Elem().Field(i).SetZero()
		cases = append(cases, w)
	}
	for _, want := range cases {
		got, err := decodeWrite(encodeWrite(nil, &want))
		if err != nil || got != want {
			t.Fatalf("decoded %+v, error %v, want %+v", got, err, want)
		}
	}
}

// TestDamagedRecord: a record with a flipped bit or a missing end does not decode.
func TestDamagedRecord(t *testing.T) {
	w := fullWrite(t)
	record := encodeWrite(nil, &w)
	for i := range record {
		for bit := range 8 {
			record[i] ^= 1 << bit
			if _, err := decodeWrite(record); !errors.Is(err, boltfile.ErrDamaged) {
				t.Fatalf("bit %d of byte %d changed: error %v", bit, i, err)
			}
			record[i] ^= 1 << bit
		}
		if _, err := decodeWrite(record[:i]); !errors.Is(err, boltfile.ErrDamaged) {
			t.Fatalf("cut to %d bytes: error %v", i, err)
		}
	}
}

// FuzzDecodeWrite: decoding of any bytes returns a write or ErrDamaged, and a decoded write encodes to an equivalent
// record. The checksum is corrected, so that the fields are fuzzed, too.
func FuzzDecodeWrite(f *testing.F) {
	w := fullWrite(f)
	f.Add(encodeWrite(nil, &w))
	f.Add(encodeWrite(nil, &chat.Write{}))
	f.Add([]byte{0, 0, 0, 0, 0, 1, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1})
	f.Fuzz(func(t *testing.T, b []byte) {
		if _, err := decodeWrite(b); err != nil && !errors.Is(err, boltfile.ErrDamaged) {
			t.Fatalf("error %v", err)
		}
		if len(b) < headerSize {
			return
		}
		sum := disk.Checksum(b[checksumSize:])
		b = append([]byte{byte(sum), byte(sum >> 8), byte(sum >> 16), byte(sum >> 24)}, b[checksumSize:]...)
		got, err := decodeWrite(b)
		if err != nil {
			return
		}
		if again, err := decodeWrite(encodeWrite(nil, &got)); err != nil || again != got {
			t.Fatalf("%x decodes to %+v, then %+v, error %v", b, got, again, err)
		}
	})
}
