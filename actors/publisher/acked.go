package publisher

import (
	"time"

	"chatnode/actors/chat"
)

const (
	// AckedRetention is the time for which acknowledged writes are remembered. Older writes that a failover loses are
	// not appended again.
	AckedRetention = 60 * time.Second

	// maxAcked limits the memory of an ackedLog.
	maxAcked = 200_000
)

// ackedLog contains the writes that were acknowledged in the last AckedRetention, oldest first.
type ackedLog struct {
	list    []ackedWrite
	enabled bool
}

// ackedWrite is a write that Redis has acknowledged.
type ackedWrite struct {
	write   chat.Write
	receipt chat.Receipt
	at      time.Time
}

// add adds an acknowledged write, under its id in the log, which another node may have chosen. An edit or deletion
// whose message was not found is added too, because the journal has acknowledged it.
func (l *ackedLog) add(w chat.Write, r chat.Receipt, now time.Time) {
	if !l.enabled || r.Refused == chat.RefusedForbidden {
		return
	}
	if r.ID != "" {
		w.ID = r.ID
	}
	if len(l.list) > 0 && (len(l.list) >= maxAcked || now.Sub(l.list[0].at) > 2*AckedRetention) {
		l.trim(now)
	}
	l.list = append(l.list, ackedWrite{w, r, now})
}

// trim removes the writes older than AckedRetention. If the list is still full, it removes the older half.
func (l *ackedLog) trim(now time.Time) {
	n := 0
	for n < len(l.list) && now.Sub(l.list[n].at) > AckedRetention {
		n++
	}
	if len(l.list)-n >= maxAcked {
		n = len(l.list) / 2
	}
	l.list = append([]ackedWrite(nil), l.list[n:]...)
}

// recent returns a copy of the list.
func (l *ackedLog) recent(now time.Time) []ackedWrite {
	l.trim(now)
	return append([]ackedWrite(nil), l.list...)
}

// unverified returns the writes that may be missing in the log. These are the writes of rooms with receipts of
// different epochs, and of rooms without a receipt in the last verifyInterval. A recent receipt with the same epoch
// proves that the log of the room existed at that time. Busy rooms therefore need no reads.
func (l *ackedLog) unverified(now time.Time) (list []ackedWrite) {
	l.trim(now)
	rooms := map[string]*ackedRoom{}
	for i := range l.list {
		a := &l.list[i]
		r := rooms[a.write.Room]
		if r == nil {
			r = &ackedRoom{epoch: a.receipt.Epoch}
			rooms[a.write.Room] = r
		}
		r.epochsDiffer = r.epochsDiffer || a.receipt.Epoch != r.epoch
		r.newestAt = a.at
	}
	for i := range l.list {
		if r := rooms[l.list[i].write.Room]; r.epochsDiffer || now.Sub(r.newestAt) >= verifyInterval {
			list = append(list, l.list[i])
		}
	}
	return list
}

// ackedRoom summarizes the receipts of a room.
type ackedRoom struct {
	epoch        string
	epochsDiffer bool // there are receipts of two epochs, or of a refused write
	newestAt     time.Time
}

// setReceipt replaces the receipt of a write that was appended again.
func (l *ackedLog) setReceipt(id string, r chat.Receipt) {
	for i := range l.list {
		if l.list[i].write.ID == id {
			l.list[i].receipt = r
		}
	}
}
