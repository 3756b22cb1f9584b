package proctest

import "syscall"

// endWithParent makes the kernel kill a process when the thread that started it ends.
func endWithParent() *syscall.SysProcAttr { return &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL} }
