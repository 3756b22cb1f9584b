//go:build !linux

package cluster

import "syscall"

// withParent has nothing to offer here: processes end with their test only.
func withParent() *syscall.SysProcAttr { return &syscall.SysProcAttr{} }
