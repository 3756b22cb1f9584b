package actors

// publisherDeps is what bridge_out and the journal work with.
type publisherDeps struct {
	set  *Settings
	sys  *System
	bus  *BusStats
	kept *JournalStats
	link *linkHealth

	bridge, in, out, store *Process
	journal                *Process // nil: the log itself is on this node's disk
}
