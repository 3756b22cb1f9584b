package boltjournal

import (
	"errors"
	"hash/crc32"
	"reflect"
	"testing"

	"chatnode/actors/chat"
)

// everything is a write that has every field set, found by reflection: a field that is added
// to Write and forgotten here does not come back, and the test says so.
func everything(t testing.TB) (w chat.Write) {
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
			t.Fatalf("a write has a %s, which the journal does not store", v.Type())
		}
	}
	fill(reflect.ValueOf(&w).Elem())
	return w
}

// TestEveryFieldIsStored: a write is read as it was written, with all of its fields set, with none,
// and with each of the others.
func TestEveryFieldIsStored(t *testing.T) {
	full := everything(t)
	cases := []chat.Write{full, {}}
	for i := range reflect.TypeFor[chat.Write]().NumField() {
		w := full
		reflect.ValueOf(&w).Elem().Field(i).SetZero()
		cases = append(cases, w)
	}
	for _, want := range cases {
		got, err := decodeWrite(encodeWrite(nil, &want))
		if err != nil || got != want {
			t.Fatalf("read %+v, error %v, want %+v", got, err, want)
		}
	}
}

// TestDamageIsNoticed: a record of which any bit is changed, or that is cut short, is no write.
func TestDamageIsNoticed(t *testing.T) {
	w := everything(t)
	record := encodeWrite(nil, &w)
	for i := range record {
		for bit := range 8 {
			record[i] ^= 1 << bit
			if _, err := decodeWrite(record); !errors.Is(err, errDamaged) {
				t.Fatalf("bit %d of byte %d changed: error %v", bit, i, err)
			}
			record[i] ^= 1 << bit
		}
		if _, err := decodeWrite(record[:i]); !errors.Is(err, errDamaged) {
			t.Fatalf("cut to %d bytes: error %v", i, err)
		}
	}
}

// FuzzDecodeWrite: whatever the bytes, decoding ends with a write or the error, and a write that is
// decoded is encoded to something that decodes to the same. The checksum is put right, so
// that what is behind it is tried too.
func FuzzDecodeWrite(f *testing.F) {
	w := everything(f)
	f.Add(encodeWrite(nil, &w))
	f.Add(encodeWrite(nil, &chat.Write{}))
	f.Add([]byte{0, 0, 0, 0, 0, 1, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1})
	f.Fuzz(func(t *testing.T, b []byte) {
		if _, err := decodeWrite(b); err != nil && !errors.Is(err, errDamaged) {
			t.Fatalf("error %v", err)
		}
		if len(b) < headSize {
			return
		}
		sum := crc32.Checksum(b[checksumSize:], crcTable)
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
