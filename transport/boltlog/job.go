package boltlog

import (
	"cmp"
	"fmt"
	"slices"

	"go.etcd.io/bbolt"
)

// A job is one transaction of the checkpointer: all that is pending of some rooms, so that each
// of their pages is written once. The last job of a round also says that the batches are in the file.
type job struct {
	log    *Log
	rooms  map[string][]*record // what to move, by room, in order
	firsts map[string]uint64    // oldest seq to keep, by room
	places map[string]*place    // where the rooms lie, as run finds and leaves them
	done   []*group             // the batches of the round, in its last job only
	size   int
}

func (l *Log) newJob() *job {
	return &job{log: l, rooms: map[string][]*record{}, firsts: map[string]uint64{}, places: map[string]*place{}}
}

// jobs parts the batches by room into jobs of a bounded size.
func (l *Log) jobs(groups []*group) []*job {
	var names []string
	rooms := map[string][]*record{}
	for _, g := range groups {
		for _, r := range g.records {
			if rooms[r.room] == nil {
				names = append(names, r.room)
			}
			rooms[r.room] = append(rooms[r.room], r)
		}
	}
	l.inOrder(names)
	jobs := []*job{l.newJob()}
	for _, name := range names {
		for _, r := range rooms[name] {
			last := jobs[len(jobs)-1]
			if last.full(name) {
				last = l.newJob()
				jobs = append(jobs, last)
			}
			last.take(r)
		}
	}
	jobs[len(jobs)-1].done = groups
	l.retain(jobs)
	return jobs
}

// inOrder sorts rooms as they lie in the file, so that a job's pages are neighbours; new ones come last.
func (l *Log) inOrder(names []string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	slices.SortStableFunc(names, func(a, b string) int { return cmp.Compare(l.rooms[a].num-1, l.rooms[b].num-1) })
}

// full reports whether a record of the room is for the next job.
func (j *job) full(room string) bool {
	return j.size >= jobBytes || len(j.rooms) >= jobRooms && j.rooms[room] == nil
}

// take adds a record; one that holds no text counts too.
func (j *job) take(r *record) {
	j.rooms[r.room] = append(j.rooms[r.room], r)
	j.size += jobBytes / jobRecords
	if r.msg != nil {
		j.size += len(r.msg.Text)
	}
}

// retain moves first of the rooms that are too long, before the transactions, so that no reader
// asks for what they are about to take away.
func (l *Log) retain(jobs []*job) {
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
func (j *job) run(tx *bbolt.Tx) error {
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
	if len(j.done) == 0 {
		return nil
	}
	if err := tx.Bucket(metaBucket).Put(movedKey, numberKey(j.last())); err != nil {
		return fmt.Errorf("say what was moved: %w", err)
	}
	return j.log.saveKeys(tx, j.done)
}

// last is the newest batch that is done.
func (j *job) last() uint64 { return j.done[len(j.done)-1].number }

// fill is how full a page is left when it splits: entries come at a room's end, and message ids
// mostly do.
const fill = 0.9
