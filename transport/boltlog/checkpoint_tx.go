package boltlog

import (
	"cmp"
	"fmt"
	"slices"

	"chatnode/transport/boltfile"

	"go.etcd.io/bbolt"
)

// txLimits are the limits of one transaction.
type txLimits struct {
	rooms   int // number of rooms
	records int // number of records
	bytes   int // of texts; the disk needs about twice as much free space
}

var (
	// largeTx has the lowest total cost.
	largeTx = txLimits{rooms: 32, records: 2048, bytes: 1 << 20}
	// smallTx writes about 30 pages. Appends wait for the disk during this time.
	smallTx = txLimits{rooms: 8, records: 256, bytes: 128 << 10}
)

// checkpointTx is one transaction of the checkpointer. It moves all pending records of some rooms, so that each of
// their pages is written once, and saves their keys. The last transaction of a round also stores the number of the
// newest moved batch.
type checkpointTx struct {
	log       *Log
	rooms     map[string][]*record // records to move, by room, in order
	firstSeqs map[string]uint64    // oldest seq to keep, by room
	metas     map[string]*roomMeta // updated by run, by room
	batches   []*batch             // of the round; only in its last transaction
	limits    txLimits
	size      int // bytes

	keysNumber, droppedUpTo uint64 // set by run: number of the saved keys, and newest number of the deleted keys; 0: none
}

func (l *Log) newTx(limits txLimits) *checkpointTx {
	return &checkpointTx{log: l, limits: limits, rooms: map[string][]*record{}, firstSeqs: map[string]uint64{}, metas: map[string]*roomMeta{}}
}

// splitTx groups the records of the batches by room and splits them into transactions within the limits.
func (l *Log) splitTx(batches []*batch, limits txLimits) []*checkpointTx {
	names, rooms := l.pendingByRoom(batches)
	l.sortByFileOrder(names)
	txs := []*checkpointTx{l.newTx(limits)}
	for _, name := range names {
		for _, r := range rooms[name] {
			last := txs[len(txs)-1]
			if last.isFull(name) {
				last = l.newTx(limits)
				txs = append(txs, last)
			}
			last.add(r)
		}
	}
	txs[len(txs)-1].batches = batches
	l.advanceFirst(txs)
	return txs
}

// pendingByRoom groups the records of the batches by room. It skips records that a failed round has already moved.
// Moving them again would restore texts that were removed since then, until the round is complete.
func (l *Log) pendingByRoom(batches []*batch) (names []string, rooms map[string][]*record) {
	rooms = map[string][]*record{}
	for _, b := range batches {
		for _, r := range b.records {
			if rooms[r.room] == nil {
				names = append(names, r.room)
			}
			rooms[r.room] = append(rooms[r.room], r)
		}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	names = slices.DeleteFunc(names, func(name string) bool {
		left := rooms[name]
		for tail := l.rooms[name].tailFirst(); len(left) > 0 && left[0].seq < tail; {
			left = left[1:]
		}
		rooms[name] = left
		return len(left) == 0
	})
	return names, rooms
}

// sortByFileOrder sorts rooms by their number in the file, so that the pages of a transaction are adjacent. New rooms
// are last.
func (l *Log) sortByFileOrder(names []string) {
	nums := make(map[string]uint64, len(names))
	l.mu.Lock()
	for _, name := range names {
		nums[name] = l.rooms[name].num - 1
	}
	l.mu.Unlock()
	slices.SortStableFunc(names, func(a, b string) int { return cmp.Compare(nums[a], nums[b]) })
}

// isFull reports whether a record of the room belongs to the next transaction.
func (c *checkpointTx) isFull(room string) bool {
	return c.size >= c.limits.bytes || len(c.rooms) >= c.limits.rooms && c.rooms[room] == nil
}

// add adds a record. A record without text counts, too.
func (c *checkpointTx) add(r *record) {
	c.rooms[r.room] = append(c.rooms[r.room], r)
	c.size += c.limits.bytes / c.limits.records
	if r.msg != nil {
		c.size += len(r.msg.Text)
	}
}

// advanceFirst increases first of the rooms that are too long, before the transactions run, so that no reader
// requests entries that they delete.
func (l *Log) advanceFirst(txs []*checkpointTx) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, c := range txs {
		for name, records := range c.rooms {
			r := l.rooms[name]
			r.first = firstToKeep(r.first, records[len(records)-1].seq, uint64(l.HistorySize))
			c.firstSeqs[name] = r.first
		}
	}
}

// run executes the transaction. It is idempotent. Therefore a kill between two transactions does no harm, nor does a
// failed commit that was written to the file.
func (c *checkpointTx) run(tx *bbolt.Tx) error {
	a := applier{work: c, log: tx.Bucket(logBucket), ids: tx.Bucket(idsBucket), rooms: tx.Bucket(roomsBucket)}
	a.log.FillPercent, a.ids.FillPercent = fillPercent, fillPercent
	for name, records := range c.rooms {
		for _, r := range records {
			if err := a.apply(r); err != nil {
				return fmt.Errorf("move entry %d of room %q: %w", r.seq, name, err)
			}
		}
	}
	if err := a.trim(); err != nil {
		return err
	}
	if err := c.saveKeys(tx); err != nil || len(c.batches) == 0 {
		return err
	}
	if err := tx.Bucket(boltfile.MetaBucket).Put(movedKey, numberKey(c.lastBatch())); err != nil {
		return fmt.Errorf("store number of moved batch: %w", err)
	}
	return nil
}

// lastBatch returns the number of the newest batch of the round.
func (c *checkpointTx) lastBatch() uint64 { return c.batches[len(c.batches)-1].number }

// fillPercent is how far bbolt fills a page before it splits it. Entries are appended at the end of a room, and
// message ids usually are, too.
const fillPercent = 0.9
