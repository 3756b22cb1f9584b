// Package frame reads the frames of a node in one pass over the bytes, without copies or allocations.
//
//	frame.go  Frame: the members that a load tester uses
//	scan.go   the pass over the top level of the object
//	data.go   histories and commits, which are rare, with encoding/json
package frame
