package actors

import "slices"

// simJournal is a disk that outlives its node.
type simJournal struct {
	writes []Write
	full   bool // it takes nothing more
	stuck  bool // it can drop nothing
}

func (j *simJournal) Keep(batch []Write) error {
	if j.full {
		return ErrJournalFull
	}
	j.writes = append(j.writes, batch...)
	return nil
}

func (j *simJournal) Oldest(limit int) ([]Write, error) {
	return slices.Clone(j.writes[:min(limit, len(j.writes))]), nil
}

func (j *simJournal) Drop(n int) error {
	if j.stuck {
		return errFake
	}
	j.writes = slices.Clone(j.writes[n:])
	return nil
}

func (j *simJournal) Usage() (int, int64) { return len(j.writes), int64(len(j.writes)) }

// keeps reports whether it holds a write, in the oracle's words.
func (s *sim) keeps(n *simNode, words string) bool {
	return slices.ContainsFunc(n.journal.writes, func(w Write) bool { return s.redis.words(&w) == words })
}
