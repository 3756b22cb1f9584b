// Package actorstest contains what the tests of actors/ share: fakes of the ports, and helpers for tests in virtual
// time. It imports only process, chat and wire, so the in-package tests of every other package of actors/ can use it.
//
//	actor.go      Func: an actor made of a function; NewSystem, CheckUnknown
//	bus.go        FakeBus: log, subscriber, presence store and registry in memory
//	frames.go     Frame, ParseFrame: the frames that the server sent
//	journal.go    FakeJournal: a disk that outlives its node
//	settings.go   Settings, AsMember, Pause: defaults of the tests
//	socket.go     FakeSocket: a connection that records its frames
//
// FakeBus folds edits and deletions with chat.Fold. ParseFrame shares no code with package wire, whose frames it
// checks.
package actorstest
