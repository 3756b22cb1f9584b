package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"chatnode/ops/rig"
)

// profileAddr is the variable with the address of the profiler. Only the first node gets the port.
const profileAddr = "PROFILE_ADDR"

// profiler is compiled into the node with an overlay, because the node itself has no profiler.
const profiler = `package main

import (
	"net/http"
	_ "net/http/pprof"
	"os"
)

func init() {
	go func() { _ = http.ListenAndServe(os.Getenv("` + profileAddr + `"), nil) }()
}
`

// profileMargin is the begin and the end of a load, which are not part of the profile.
const profileMargin = time.Second

// buildProfiled compiles the node with the profiler.
func (c *comparison) buildProfiled() {
	folder, err := rig.Folder("node/chatnode")
	c.Fail(err)
	file, overlay := filepath.Join(c.Dir, "profiler.go"), filepath.Join(c.Dir, "overlay.json")
	text, err := json.Marshal(map[string]any{"Replace": map[string]string{filepath.Join(folder, "profiler.go"): file}})
	c.Fail(errors.Join(err, os.WriteFile(file, []byte(profiler), 0o600), os.WriteFile(overlay, text, 0o600), os.MkdirAll(c.profile, 0o750)))
	c.Build("node/chatnode", "-overlay", overlay)
}

// startProfile takes a profile while the load runs. The returned function waits for it and returns its shares.
func (c *comparison) startProfile(l *rig.Load, round int) func() map[string]float64 {
	file := filepath.Join(c.profile, fmt.Sprintf("chatnode-%d-in-%d-at-%g-%d.pb.gz", l.Connections, l.Rooms, l.Rate, round+1))
	url := fmt.Sprintf("http://%s/debug/pprof/profile?seconds=%d", c.profiler, int((l.Duration - 2*profileMargin).Seconds()))
	fetched := make(chan error, 1)
	if c.profiler != "" {
		l.OnJoined = func() {
			go func() {
				time.Sleep(profileMargin)
				fetched <- fetch(url, file)
			}()
		}
	}
	return func() map[string]float64 {
		if c.Err() != nil {
			return nil
		}
		c.Fail(<-fetched)
		out, err := exec.CommandContext(c.Ctx, "go", "tool", "pprof", "-traces", "-unit=us", file).Output()
		c.Fail(err)
		return shares(string(out))
	}
}

// fetch writes a page to a file.
func fetch(url, file string) error {
	res, err := http.Get(url)
	if err != nil {
		return fmt.Errorf("fetch profile: %w", err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	return errors.Join(err, os.WriteFile(file, text, 0o600))
}
