// Package frame reads a node's frames as a load tester must: one pass over the bytes, nothing copied,
// nothing allocated.
//
//	frame.go  Frame: what a load tester wants to know of a frame
//	scan.go   the pass over the top level of the object
//	data.go   what is deeper: histories and commits, which are rare, by encoding/json
package frame
