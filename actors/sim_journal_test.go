package actors

import "slices"

// simJournal is a disk that outlives its node.
type simJournal struct{ writes []Write }

func (j *simJournal) Keep(batch []Write) error {
	j.writes = append(j.writes, batch...)
	return nil
}

func (j *simJournal) Oldest(limit int) ([]Write, error) {
	return slices.Clone(j.writes[:min(limit, len(j.writes))]), nil
}

func (j *simJournal) Drop(n int) error {
	j.writes = slices.Clone(j.writes[n:])
	return nil
}

func (j *simJournal) Usage() (int, int64) { return len(j.writes), int64(len(j.writes)) }
