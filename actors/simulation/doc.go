// Package simulation runs three whole nodes against a model of Redis in virtual time, and checks the invariants of
// ops/docs/INVARIANTS.md. One seed determines which process runs next, which deliveries are lost, delayed or
// reordered, and when connections break, Redis loses data and nodes crash. The package contains only tests.
//
//	simulation_test.go  sim: the scheduler and one run; TestSimulation
//	fault_test.go       faults that are injected, and their end
//	node_test.go        node: one node, its crashes and restarts; its status must be true (INV-5)
//	link_test.go        nodeLink: the three connections of a node to Redis, and their faults
//	redis_test.go       redisModel: Redis for all nodes, and the losses that the contract allows
//	log_test.go         roomLog: the log of one room in the model
//	client_test.go      client: a user that follows ops/docs/PROTOCOL.md and checks what it receives
//	view_test.go        roomView: one room on the screen of a client
//	audit_test.go       the checks after all faults have ended
//	panic_test.go       panicInjector: ports that panic; TestSimulationWithPanics
//	oracle_test.go      tests of the checks themselves
//
// The model shares no code with the log, the timeline or the clients that it checks. A failing seed is repeated, with
// a trace of all events, by
//
//	make sim SEED=42
package simulation
