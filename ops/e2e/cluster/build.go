package cluster

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"

	"chatnode/ops/rig"
)

// Build compiles chatnode into dir, in its own module and with its versions of other modules, and returns the path of
// the program. CHATNODE_BIN names a program to use instead. The working directory must be in this tree.
func Build(dir string) (string, error) {
	if path := os.Getenv("CHATNODE_BIN"); path != "" {
		return filepath.Abs(path)
	}
	folder, err := rig.Folder("node/chatnode")
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "chatnode")
	cmd := exec.Command("go", slices.Concat([]string{"build"}, raceFlags, []string{"-o", path})...)
	cmd.Dir = folder
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build chatnode: %w\n%s", err, out)
	}
	return path, nil
}

// Main builds chatnode, stores the path in binary, and runs the tests of a package. It returns the exit code for
// TestMain.
func Main(m *testing.M, binary *string) int {
	dir, err := os.MkdirTemp("", "chatnode-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	if *binary, err = Build(dir); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return m.Run()
}
