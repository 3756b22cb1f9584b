package rig

import (
	"context"
	"fmt"
	"os/exec"
	"path/filepath"
	"slices"
)

// Build compiles a package of this module ("./ops/loadtest") into dir, with more flags where given, and
// returns the program's path. The working directory must be inside the module.
func Build(ctx context.Context, dir, pkg string, flags ...string) (string, error) {
	path := filepath.Join(dir, filepath.Base(pkg))
	out, err := exec.CommandContext(ctx, "go", slices.Concat([]string{"build", "-o", path}, flags, []string{"chatnode/" + pkg})...).CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("build %s: %w\n%s", pkg, err, out)
	}
	return path, nil
}
