package actors

// linkDeps is what the actors of the link work with.
type linkDeps struct {
	set     *Settings
	sys     *System
	probes  *LinkStats
	bus     *BusStats
	health  *linkHealth
	writers []*Process

	in, out, presence, heartbeat, sanctions *Process
}
