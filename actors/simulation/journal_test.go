package simulation

import (
	"slices"

	"chatnode/actors/chat"
)

// keeps reports whether it holds a write, in the oracle's words.
func (s *sim) keeps(n *simNode, words string) bool {
	return slices.ContainsFunc(n.journal.Writes, func(w chat.Write) bool { return s.redis.words(&w) == words })
}
