package cluster

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// Build compiles chatnode into dir and returns the program's path. Where CHATNODE_BIN names one,
// that is taken instead. The working directory must be inside the module.
func Build(dir string) (string, error) {
	if path := os.Getenv("CHATNODE_BIN"); path != "" {
		return filepath.Abs(path)
	}
	path := filepath.Join(dir, "chatnode")
	// In its own module: in that of ops it would be built with other versions of what it depends on.
	root, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "chatnode").Output()
	if err != nil {
		return "", fmt.Errorf("find the module chatnode: %w", err)
	}
	cmd := exec.Command("go", slices.Concat([]string{"build"}, raceFlags, []string{"-o", path, "chatnode/node/chatnode"})...)
	cmd.Dir = strings.TrimSpace(string(root))
	out, err := cmd.CombinedOutput()
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
