// Package chattest contains test data for implementations of package chat.
//
//	fold_cases.go  FoldCases loads fold_cases.json: histories with edits and deletions
//	frame.go       Frame encodes an entry for clients
package chattest
