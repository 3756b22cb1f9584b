package main

import (
	"fmt"
	"runtime"
	"runtime/debug"
)

// release is the version of a release build, set by the linker (-X main.release=v1.2.3).
var release string

// versionCommand prints the version.
type versionCommand struct{}

// Run implements the command.
func (versionCommand) Run(w *environment) error {
	if _, err := fmt.Fprintf(w.stdout, "chatnode %s %s %s/%s\n", version(), runtime.Version(), runtime.GOOS, runtime.GOARCH); err != nil {
		return fmt.Errorf("print the version: %w", err)
	}
	return nil
}

// version is the release, or else what the build knows of its commit.
func version() string {
	if release != "" {
		return release
	}
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" || info.Main.Version == "(devel)" {
		return "devel"
	}
	return info.Main.Version
}
