// Package killtest kills processes in the middle of their work, for tests of what they leave on disk: the test's
// own binary is run again as a child that works on a folder and says what it has done, until SIGKILL.
//
//	child.go  Child: one life of such a process; Folder: whether this is one
package killtest
