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
func (versionCommand) Run(env *environment) error {
	if _, err := fmt.Fprintf(env.stdout, "chatnode %s %s %s/%s\n", version(), runtime.Version(), runtime.GOOS, runtime.GOARCH); err != nil {
		return fmt.Errorf("print version: %w", err)
	}
	return nil
}

// version returns the release, or else the module version of the build, or "devel".
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
