package actors

import "time"

// roomDeps is what the rooms work with.
type roomDeps struct {
	set        *Settings
	sys        *System
	stats      *ChatStats
	link       *linkHealth
	clock      *clusterView
	sanctioned *sanctionRegister
	writers    []*Process
	journals   bool // there is a journal to turn to

	rooms, presence, bridge, out, store *Process
}

// dedupWindow is how long a room remembers what it has shown. Where a failover may lose the log's tail, that
// is as long as the tail may be appended again.
func dedupWindow(s *Settings) time.Duration {
	if s.Distributed {
		return max(s.DedupWindow, ackedFor+15*time.Second)
	}
	return s.DedupWindow
}
