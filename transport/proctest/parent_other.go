//go:build !linux

package proctest

import "syscall"

// endWithParent does nothing here: a process ends only when its test kills it.
func endWithParent() *syscall.SysProcAttr { return &syscall.SysProcAttr{} }
