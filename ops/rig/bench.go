package rig

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/redis/go-redis/v9"
)

// Bench runs servers and loads, one measurement after another. After the first error its methods do nothing and
// return zero values. Err returns that error.
type Bench struct {
	Ctx context.Context
	Log io.Writer // progress
	Dir string    // temporary folder of the programs and their files

	Servers []*Process
	Redis   *Process      // nil without one
	Client  *redis.Client // of Redis

	node, loadtest string // paths of the programs
	err            error
}

// NewBench compiles the node and the loadtest.
func NewBench(ctx context.Context, log io.Writer) *Bench {
	dir, err := os.MkdirTemp("", "rig-*")
	b := &Bench{Ctx: ctx, Log: log, Dir: dir, err: err}
	fmt.Fprintln(log, "building")
	b.node, b.loadtest = b.Build("node/chatnode"), b.Build("ops/loadtest")
	return b
}

// Err returns the first error.
func (b *Bench) Err() error { return b.err }

// Fail records err if it is the first error. It ignores nil.
func (b *Bench) Fail(err error) {
	if b.err == nil {
		b.err = err
	}
}

// Stop ends the servers.
func (b *Bench) Stop() {
	for _, p := range b.processes() {
		p.stop()
	}
	if b.Client != nil {
		_ = b.Client.Close() // the server has ended
	}
	b.Servers, b.Redis, b.Client = nil, nil, nil
}

// Close ends the servers and removes the folder.
func (b *Bench) Close() {
	b.Stop()
	_ = os.RemoveAll(b.Dir) // it is in the system's temporary folder
}

// Build compiles a package of this repository, such as "ops/loadtest", and returns the path of the program.
func (b *Bench) Build(pkg string, flags ...string) string {
	if b.err != nil {
		return ""
	}
	folder, err := Folder(pkg)
	path := filepath.Join(b.Dir, filepath.Base(pkg))
	cmd := exec.CommandContext(b.Ctx, "go", append([]string{"build", "-o", path}, flags...)...)
	cmd.Dir = folder
	b.Fail(err)
	if out, err := cmd.CombinedOutput(); err != nil {
		b.Fail(fmt.Errorf("build %s: %w\n%s", pkg, err, out))
	}
	return path
}

// Folder returns the path of a folder of this repository. The working directory must be in the repository.
func Folder(name string) (string, error) {
	root, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "chatnode").Output()
	if err != nil {
		return "", fmt.Errorf("find %s: %w", name, err)
	}
	return filepath.Join(strings.TrimSpace(string(root)), name), nil
}
