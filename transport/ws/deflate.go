package ws

import (
	"bytes"
	"encoding/binary"
	"sync"

	"github.com/klauspost/compress/flate"

	"chatnode/actors/wire"
)

const (
	rsv1           = 0x40 // the frame is compressed (RFC 7692, section 6)
	textFrame      = 0x80 | wire.OpText
	deflateLevel   = flate.BestSpeed
	minDeflateSize = 128 // bytes of payload; the fast levels of flate do not compress less
)

// flushTail is the end of a sync flush, which permessage-deflate omits.
const flushTail = "\x00\x00\xff\xff"

// deflater compresses whole frames with a pool of flate writers.
type deflater struct{ pool sync.Pool }

// flateWriter is a flate writer with its output buffer.
type flateWriter struct {
	writer *flate.Writer
	buf    bytes.Buffer
}

func newDeflater() *deflater { return &deflater{} }

func (d *deflater) deflate(frame []byte) []byte {
	payload, ok := textPayload(frame)
	if !ok || len(payload) < minDeflateSize {
		return frame
	}
	p, err := d.get()
	if err != nil {
		return frame
	}
	defer d.pool.Put(p)
	compressed, err := p.compress(payload)
	if err != nil || len(compressed) >= len(payload) {
		return frame
	}
	sealed := wire.Seal(append(wire.Begin(make([]byte, 0, wire.Headroom+len(compressed))), compressed...))
	sealed[0] |= rsv1
	return sealed
}

func (d *deflater) get() (*flateWriter, error) {
	if p, ok := d.pool.Get().(*flateWriter); ok {
		return p, nil
	}
	w, err := flate.NewWriter(nil, deflateLevel)
	return &flateWriter{writer: w}, err
}

// compress compresses without the context of earlier frames. The result is valid until the next call.
func (w *flateWriter) compress(payload []byte) ([]byte, error) {
	w.buf.Reset()
	w.writer.Reset(&w.buf)
	if _, err := w.writer.Write(payload); err != nil {
		return nil, err
	}
	if err := w.writer.Flush(); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(w.buf.Bytes(), []byte(flushTail)), nil
}

// textPayload returns the payload of a complete, unmasked and uncompressed text frame. ok is false for any other
// bytes.
func textPayload(frame []byte) (payload []byte, ok bool) {
	if len(frame) < 2 || frame[0] != textFrame {
		return nil, false
	}
	header, size := 2, uint64(frame[1])
	switch {
	case size == 126 && len(frame) >= 4:
		header, size = 4, uint64(binary.BigEndian.Uint16(frame[2:]))
	case size == 127 && len(frame) >= 10:
		header, size = 10, binary.BigEndian.Uint64(frame[2:])
	case size > 125:
		return nil, false
	}
	if size != uint64(len(frame)-header) {
		return nil, false
	}
	return frame[header:], true
}
