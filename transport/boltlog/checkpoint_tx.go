package boltlog

import (
	"cmp"
	"fmt"
	"slices"

	"go.etcd.io/bbolt"
)

// A txLimits is how much is moved in one transaction.
type txLimits struct {
	rooms   int // of so many rooms,
	records int // so many records,
	bytes   int // or so many bytes of texts: about twice as much must be free on the disk
}

var (
	// largeTx cost the least in all.
	largeTx = txLimits{rooms: 32, records: 2048, bytes: 1 << 20}
	// smallJobs are some 30 pages each: appends wait on the disk while they are written.
	smallJobs = txLimits{rooms: 8, records: 256, bytes: 128 << 10}
)

// A checkpointTx is one transaction of the checkpointer: all that is pending of some rooms, so that each
// of their pages is written once, and the keys of it. The last job of a round also says that the batches are in the file.
type checkpointTx struct {
	log    *Log
	rooms  map[string][]*record // what to move, by room, in order
	firsts map[string]uint64    // oldest seq to keep, by room
	places map[string]*roomMeta // where the rooms lie, as run finds and leaves them
	done   []*batch             // the batches of the round, in its last job only
	most   txLimits
	size   int // bytes

	keys, dropped uint64 // run: the number under which keys were saved, and up to which older ones were dropped; 0: none
}

func (l *Log) newJob(most txLimits) *checkpointTx {
	return &checkpointTx{log: l, most: most, rooms: map[string][]*record{}, firsts: map[string]uint64{}, places: map[string]*roomMeta{}}
}

// splitTx parts the batches by room into jobs of that size.
func (l *Log) splitTx(groups []*batch, most txLimits) []*checkpointTx {
	names, rooms := l.unmoved(groups)
	l.inOrder(names)
	jobs := []*checkpointTx{l.newJob(most)}
	for _, name := range names {
		for _, r := range rooms[name] {
			last := jobs[len(jobs)-1]
			if last.full(name) {
				last = l.newJob(most)
				jobs = append(jobs, last)
			}
			last.take(r)
		}
	}
	jobs[len(jobs)-1].done = groups
	l.retain(jobs)
	return jobs
}

// unmoved parts the batches by room, without what a round that failed has moved already: to move that once more
// would put the texts back that were taken away since, until all of the round is done.
func (l *Log) unmoved(groups []*batch) (names []string, rooms map[string][]*record) {
	rooms = map[string][]*record{}
	for _, g := range groups {
		for _, r := range g.records {
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

// inOrder sorts rooms as they lie in the file, so that a job's pages are neighbours; new ones come last.
func (l *Log) inOrder(names []string) {
	nums := make(map[string]uint64, len(names))
	l.mu.Lock()
	for _, name := range names {
		nums[name] = l.rooms[name].num - 1
	}
	l.mu.Unlock()
	slices.SortStableFunc(names, func(a, b string) int { return cmp.Compare(nums[a], nums[b]) })
}

// full reports whether a record of the room is for the next job.
func (j *checkpointTx) full(room string) bool {
	return j.size >= j.most.bytes || len(j.rooms) >= j.most.rooms && j.rooms[room] == nil
}

// take adds a record; one that holds no text counts too.
func (j *checkpointTx) take(r *record) {
	j.rooms[r.room] = append(j.rooms[r.room], r)
	j.size += j.most.bytes / j.most.records
	if r.msg != nil {
		j.size += len(r.msg.Text)
	}
}

// retain moves first of the rooms that are too long, before the transactions, so that no reader
// asks for what they are about to take away.
func (l *Log) retain(jobs []*checkpointTx) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, j := range jobs {
		for name, records := range j.rooms {
			r := l.rooms[name]
			r.first = keepFrom(r.first, records[len(records)-1].seq, uint64(l.HistorySize))
			j.firsts[name] = r.first
		}
	}
}

// run does the job in the transaction. Doing it again changes nothing, so neither a kill between
// two jobs nor a commit that failed after it had reached the file does harm.
func (j *checkpointTx) run(tx *bbolt.Tx) error {
	a := applier{tx: tx, job: j, log: tx.Bucket(logBucket), ids: tx.Bucket(idsBucket), rooms: tx.Bucket(roomsBucket)}
	a.log.FillPercent, a.ids.FillPercent = fill, fill
	for name, records := range j.rooms {
		for _, r := range records {
			if err := a.apply(r); err != nil {
				return fmt.Errorf("move entry %d of room %q: %w", r.seq, name, err)
			}
		}
	}
	if err := a.trim(); err != nil {
		return err
	}
	if err := j.saveKeys(tx); err != nil || len(j.done) == 0 {
		return err
	}
	if err := tx.Bucket(metaBucket).Put(movedKey, numberKey(j.last())); err != nil {
		return fmt.Errorf("say what was moved: %w", err)
	}
	return nil
}

// last is the newest batch that is done.
func (j *checkpointTx) last() uint64 { return j.done[len(j.done)-1].number }

// fill is how full a page is left when it splits: entries come at a room's end, and message ids
// mostly do.
const fill = 0.9
