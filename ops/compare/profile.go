package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"chatnode/ops/rig"
)

// profiler is laid over the program where a profile is wanted, so that the program itself has none.
const profiler = `package main

import (
	"net/http"
	_ "net/http/pprof"
	"os"
)

func init() {
	go func() { _ = http.ListenAndServe(os.Getenv("PROFILE_ADDR"), nil) }()
}
`

// Of a load, the first second and the last are left out.
const profileMargin = time.Second

// buildProfiled compiles the node with the profiler in it.
func buildProfiled(ctx context.Context, dir string) (path string, err error) {
	folder, err := exec.CommandContext(ctx, "go", "list", "-f", "{{.Dir}}", "chatnode/node/chatnode").Output()
	if err != nil {
		return "", fmt.Errorf("find the program's source: %w", err)
	}
	file, overlay := filepath.Join(dir, "profiler.go"), filepath.Join(dir, "overlay.json")
	text, err := json.Marshal(map[string]map[string]string{"Replace": {filepath.Join(strings.TrimSpace(string(folder)), "profiler.go"): file}})
	if err != nil {
		return "", fmt.Errorf("lay the profiler over the program: %w", err)
	}
	if err := errors.Join(os.WriteFile(file, []byte(profiler), 0o600), os.WriteFile(overlay, text, 0o600)); err != nil {
		return "", fmt.Errorf("lay the profiler over the program: %w", err)
	}
	return rig.Build(ctx, dir, "node/chatnode", "-overlay", overlay)
}

// A profile is that of the first node while a load is on.
type profile struct {
	file string
	done chan error // nil: it has not begun
}

// profile takes one of the system while the load is on. Where none is wanted it does nothing.
func (m *match) profile(ctx context.Context, s *system, l *rig.Load, round int) *profile {
	if s.profile == "" || l.Rate == 0 {
		return &profile{}
	}
	p := &profile{file: filepath.Join(m.options.profile, fmt.Sprintf("chatnode-%d-in-%d-at-%g-%d.pb.gz", l.Connections, l.Rooms, l.Rate, round)), done: make(chan error, 1)}
	l.Begun = func() {
		go func() {
			p.done <- fetch(ctx, fmt.Sprintf("http://%s/debug/pprof/profile?seconds=%d", s.profile, int((l.Duration-2*profileMargin).Seconds())), p.file)
		}()
	}
	return p
}

// fetch writes what the address has to a file, after the margin.
func fetch(ctx context.Context, url, file string) (err error) {
	select {
	case <-time.After(profileMargin):
	case <-ctx.Done():
		return ctx.Err()
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return fmt.Errorf("ask for the profile: %w", err)
	}
	defer res.Body.Close()
	f, err := create(file)
	if err != nil {
		return fmt.Errorf("-profile: %w", err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if _, err := io.Copy(f, res.Body); err != nil {
		return fmt.Errorf("read the profile: %w", err)
	}
	return nil
}

// create makes the file, and its folder where that is not there.
func create(file string) (*os.File, error) {
	if err := os.MkdirAll(filepath.Dir(file), 0o750); err != nil {
		return nil, err
	}
	return os.Create(file)
}

// shares is what of the profile goes to what, in percent; nil where none was wanted.
func (p *profile) shares(ctx context.Context) (map[string]float64, error) {
	if p.done == nil {
		return nil, nil
	}
	if err := <-p.done; err != nil {
		return nil, err
	}
	var said bytes.Buffer
	cmd := exec.CommandContext(ctx, "go", "tool", "pprof", "-traces", "-unit=us", p.file)
	cmd.Stderr = &said
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("read the profile: %w\n%s", err, said.String())
	}
	return share(string(out)), nil
}
