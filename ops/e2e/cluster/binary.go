package cluster

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
)

// Build compiles chatnode into dir and returns the program's path. Where CHATNODE_BIN names one,
// that is taken instead. The working directory must be inside the module.
func Build(dir string) (string, error) {
	if path := os.Getenv("CHATNODE_BIN"); path != "" {
		return filepath.Abs(path)
	}
	path := filepath.Join(dir, "chatnode")
	args := slices.Concat([]string{"build"}, raceFlags, []string{"-o", path, "chatnode/node/chatnode"})
	out, err := exec.Command("go", args...).CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("build chatnode: %w\n%s", err, out)
	}
	return path, nil
}

// Main builds the program, says where it is, and runs the tests of a package: what a TestMain exits with.
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
