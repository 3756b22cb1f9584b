package simulation

import (
	"slices"

	"chatnode/actors/chat"
)

// journalHas reports whether the journal of n contains the described write.
func (s *sim) journalHas(n *node, words string) bool {
	return slices.ContainsFunc(n.journal.Writes, func(w chat.Write) bool { return s.redis.describe(&w) == words })
}
