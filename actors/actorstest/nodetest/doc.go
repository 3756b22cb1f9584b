// Package nodetest tests a whole node: all actors of actors.New on fakes of its ports, in virtual time. It contains
// the tests that need more than one package of actors/, and no production code.
//
// rig_test.go starts a node, and peer_test.go connects clients to it. Each rig fails its test if an actor received a
// message that it does not handle.
package nodetest
