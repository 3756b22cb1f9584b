package deploy

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// Each script is executable, parses, and prints its usage without arguments.
func TestScripts(t *testing.T) {
	scripts, err := filepath.Glob("scripts/*.sh")
	if err != nil || len(scripts) != 5 {
		t.Fatalf("%v: %v", scripts, err)
	}
	for _, script := range scripts {
		info, err := os.Stat(script)
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode()&0o111 == 0 {
			t.Errorf("%s is not executable", script)
		}
		if out, err := exec.Command("bash", "-n", script).CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s", script, err, out)
		}
		cmd := exec.Command(script)
		cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "FLEET_DIR=" + t.TempDir(), "LB_SOCKET=/nowhere"}
		if out, err := cmd.CombinedOutput(); err == nil {
			t.Errorf("%s without arguments succeeded:\n%s", script, out)
		}
		cmd = exec.Command(script, "status")
		cmd.Env = []string{"PATH=" + os.Getenv("PATH")}
		if out, err := cmd.CombinedOutput(); err == nil || !strings.Contains(string(out), "FLEET_DIR") {
			t.Errorf("%s without FLEET_DIR: %v\n%s", script, err, out)
		}
	}
}

// The README lists each file.
func TestReadmeListsFiles(t *testing.T) {
	readme := string(readFile(t, "README.md"))
	err := filepath.WalkDir(".", func(path string, d os.DirEntry, err error) error {
		if name := d.Name(); err != nil || d.IsDir() || filepath.Ext(name) == ".go" || name == "README.md" || name == ".gitignore" {
			return err
		}
		name := filepath.Base(path)
		if name == "kustomization.yaml" {
			name = filepath.Base(filepath.Dir(path))
		}
		if !strings.Contains(readme, name) {
			t.Errorf("README.md does not name %s", path)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
