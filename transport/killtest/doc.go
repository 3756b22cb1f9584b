// Package killtest kills processes during their work, for tests of the files that they leave on disk. It runs the test
// binary again as a child process. The child works on a folder and reports its progress until it gets SIGKILL.
//
//	child.go  Child runs and kills a child process; Folder is the folder of a child process
package killtest
