package publisher

import (
	"time"

	"chatnode/actors/chat"
)

// AckedLog remembers what was acknowledged as stored in the last ackedFor, oldest first.
type AckedLog struct {
	list []ackedWrite
	On   bool
}

// ackedWrite is a write that Redis has said it stored.
type ackedWrite struct {
	write   chat.Write
	receipt chat.Receipt
	at      time.Time
}

// ackedFor is how far back a failover's loss is made good, and ackedMost what that may cost in memory.
const (
	AckedRetention = 60 * time.Second
	ackedMost      = 200_000
)

// add takes in what was acknowledged, under the id that it stands under in the log: another node may have
// given it that. A change that a replay could not make, for want of its message, was acknowledged too.
func (l *AckedLog) add(w chat.Write, r chat.Receipt, now time.Time) {
	if !l.On || r.Refused == chat.RefusedForbidden {
		return
	}
	if r.ID != "" {
		w.ID = r.ID
	}
	if len(l.list) > 0 && (len(l.list) >= ackedMost || now.Sub(l.list[0].at) > 2*AckedRetention) {
		l.trim(now)
	}
	l.list = append(l.list, ackedWrite{w, r, now})
}

// trim forgets what is too old; if that is too little, the older half.
func (l *AckedLog) trim(now time.Time) {
	n := 0
	for n < len(l.list) && now.Sub(l.list[n].at) > AckedRetention {
		n++
	}
	if len(l.list)-n >= ackedMost {
		n = len(l.list) / 2
	}
	l.list = append([]ackedWrite(nil), l.list[n:]...)
}

func (l *AckedLog) recent(now time.Time) []ackedWrite {
	l.trim(now)
	return append([]ackedWrite(nil), l.list...)
}

// unverified is what the receipts themselves do not show to be in the log still: what stands in rooms whose
// log has begun anew since, and in rooms where nothing was acknowledged for a while. Where something was, in
// the same epoch, the log was there a moment ago; so a busy room costs no read.
func (l *AckedLog) unverified(now time.Time) (list []ackedWrite) {
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
		r.newest = a.at
	}
	for i := range l.list {
		if r := rooms[l.list[i].write.Room]; r.epochsDiffer || now.Sub(r.newest) >= verifyInterval {
			list = append(list, l.list[i])
		}
	}
	return list
}

// ackedRoom is what the receipts of a room's writes say of its log.
type ackedRoom struct {
	epoch        string
	epochsDiffer bool // there are two epochs, or a write that was refused
	newest       time.Time
}

func (l *AckedLog) replace(id string, r chat.Receipt) {
	for i := range l.list {
		if l.list[i].write.ID == id {
			l.list[i].receipt = r
		}
	}
}
