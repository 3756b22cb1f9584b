package main

import (
	"fmt"
	"runtime"
	"runtime/debug"
)

// release and commit are set by the linker: -X main.release=v1.2.3 -X main.commit=0123456789ab.
var release, commit string

// versionCommand prints the version.
type versionCommand struct{}

// Run implements the command.
func (versionCommand) Run(w *environment) error {
	if _, err := fmt.Fprintf(w.stdout, "chatnode %s %s %s/%s\n", version(), runtime.Version(), runtime.GOOS, runtime.GOARCH); err != nil {
		return fmt.Errorf("print the version: %w", err)
	}
	return nil
}

// version returns the release, with the commit as in v1.2.3+0123456789ab, or else what the build knows of its commit.
func version() string {
	switch {
	case release != "" && commit != "":
		return release + "+" + commit
	case release != "":
		return release
	}
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" || info.Main.Version == "(devel)" {
		return "devel"
	}
	return info.Main.Version
}
