// Package settings reads the configuration of a node from an environment, as chatnode itself does.
//
//	load.go  Load
package settings
