package boltjournal

import (
	"encoding/binary"

	"chatnode/actors/chat"
	"chatnode/transport/boltfile"
	"chatnode/transport/disk"
)

// Encoding of a write: checksum, flags, kind, then the numbers as varints, then the strings with a length prefix.
const (
	flagTried = 1 << iota
	flagAgain
	flagAdmin

	knownFlags = flagTried | flagAgain | flagAdmin
)

const (
	checksumSize = 4
	headerSize   = checksumSize + 2 // checksum, flags, kind
)

// writeFields returns the numbers and strings of a write in the order of their encoding.
func writeFields(w *chat.Write) (numbers [2]*uint64, strings [10]*string) {
	return [2]*uint64{&w.Hint, &w.Floor.Seq},
		[10]*string{&w.Room, &w.ID, &w.Key, &w.Target, &w.Text, &w.Author.ID, &w.Author.Name, &w.Author.Avatar, &w.UserID, &w.Floor.Epoch}
}

// encodeWrite appends the record of w to b.
func encodeWrite(b []byte, w *chat.Write) []byte {
	start := len(b)
	b = append(b, make([]byte, checksumSize)...)
	b = append(b, writeFlags(w), byte(w.Kind))
	numbers, strings := writeFields(w)
	for _, n := range numbers {
		b = binary.AppendUvarint(b, *n)
	}
	for _, s := range strings {
		b = append(binary.AppendUvarint(b, uint64(len(*s))), *s...)
	}
	record := b[start:]
	binary.LittleEndian.PutUint32(record, disk.Checksum(record[checksumSize:]))
	return b
}

func writeFlags(w *chat.Write) (f byte) {
	if w.Tried {
		f |= flagTried
	}
	if w.Again {
		f |= flagAgain
	}
	if w.Author.Admin {
		f |= flagAdmin
	}
	return f
}

// decodeWrite is the inverse of encodeWrite. The result shares no memory with b.
func decodeWrite(b []byte) (chat.Write, error) {
	if len(b) < headerSize || disk.Checksum(b[checksumSize:]) != binary.LittleEndian.Uint32(b) {
		return chat.Write{}, boltfile.ErrDamaged
	}
	return decodeBody(b[checksumSize:])
}

// decodeBody decodes b, which starts with the flags and the kind.
func decodeBody(b []byte) (w chat.Write, err error) {
	f := b[0]
	if f&^knownFlags != 0 {
		return chat.Write{}, boltfile.ErrDamaged
	}
	w.Tried, w.Again, w.Author.Admin = f&flagTried != 0, f&flagAgain != 0, f&flagAdmin != 0
	w.Kind = chat.EntryKind(b[1])
	b = b[2:]
	numbers, strings := writeFields(&w)
	for _, n := range numbers {
		if *n, b, err = cutNumber(b); err != nil {
			return chat.Write{}, err
		}
	}
	for _, s := range strings {
		if *s, b, err = cutString(b); err != nil {
			return chat.Write{}, err
		}
	}
	if len(b) > 0 {
		return chat.Write{}, boltfile.ErrDamaged
	}
	return w, nil
}

func cutNumber(b []byte) (uint64, []byte, error) {
	n, size := binary.Uvarint(b)
	if size <= 0 {
		return 0, nil, boltfile.ErrDamaged
	}
	return n, b[size:], nil
}

func cutString(b []byte) (string, []byte, error) {
	n, b, err := cutNumber(b)
	if err != nil || n > uint64(len(b)) {
		return "", nil, boltfile.ErrDamaged
	}
	return string(b[:n]), b[n:], nil
}
