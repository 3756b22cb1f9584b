package ledger

// Position is a seq within an epoch. Epochs are numbered from 1, in the order in which the readers of a room met them.
// 0 means that there is no position. Positions of one room are ordered by <.
type Position uint64

const seqBits = 48

// At returns the position of seq in an epoch.
func At(epoch uint16, seq uint64) Position {
	return Position(uint64(epoch)<<seqBits | seq&(1<<seqBits-1))
}

// Epoch returns the number of the epoch.
func (p Position) Epoch() uint16 { return uint16(p >> seqBits) }

// Seq returns the seq.
func (p Position) Seq() uint64 { return uint64(p) & (1<<seqBits - 1) }
