package ledger

// A Place is a seq within an epoch, epochs counted from 1 as a room's readers met them. The zero
// value is no place. Places of one room compare by < as the room's history goes.
type Place uint64

const seqBits = 48

// At is the place of seq in an epoch.
func At(epoch uint16, seq uint64) Place { return Place(uint64(epoch)<<seqBits | seq&(1<<seqBits-1)) }

// Epoch is the number of the place's epoch.
func (p Place) Epoch() uint16 { return uint16(p >> seqBits) }

// Seq is the place's seq.
func (p Place) Seq() uint64 { return uint64(p) & (1<<seqBits - 1) }
