package redisbus

import (
	"crypto/sha1" // #nosec G505 -- Redis identifies scripts by SHA-1
	"embed"
	"encoding/hex"
	"fmt"
)

//go:embed lua/*.lua
var luaFiles embed.FS

// script is the Lua source of one script. sha is its name in EVALSHA.
type script struct{ name, src, sha string }

// scripts are all scripts. Each Engine reads and hashes them once.
type scripts struct {
	append, readRange, moveForeign, signal, presence, roster *script
	heartbeat, deregister, sanction, lift, sanctions, check  *script
}

func loadScripts() (*scripts, error) {
	s := &scripts{}
	for _, f := range []struct {
		to    **script
		name  string
		flags string // flags of the shebang; with a shebang Redis can reject a script before it starts
		parts []string
	}{
		{&s.append, "append", "", []string{"position", "find", "append"}},
		{&s.moveForeign, "foreign_keys", "allow-oom", []string{"position", "foreign_keys"}},
		{&s.signal, "signal", "allow-oom", []string{"signal"}},
		{&s.readRange, "range", "allow-oom", []string{"position", "range"}},
		{&s.presence, "presence", "", []string{"presence"}},
		{&s.roster, "roster", "no-writes", []string{"roster"}},
		{&s.heartbeat, "heartbeat", "", []string{"heartbeat"}},
		{&s.deregister, "deregister", "allow-oom", []string{"deregister"}},
		{&s.sanction, "sanction", "", []string{"sanction"}},
		{&s.lift, "lift", "allow-oom", []string{"lift"}},
		{&s.sanctions, "sanctions", "allow-oom", []string{"sanctions"}},
		{&s.check, "check", "", []string{"check"}},
	} {
		var err error
		if *f.to, err = readScript(f.name, f.flags, f.parts); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// readScript concatenates the parts below one shebang.
func readScript(name, flags string, parts []string) (*script, error) {
	src := "#!lua"
	if flags != "" {
		src += " flags=" + flags
	}
	src += "\n"
	for _, part := range parts {
		text, err := luaFiles.ReadFile("lua/" + part + ".lua")
		if err != nil {
			return nil, fmt.Errorf("redisbus: read script %s: %w", name, err)
		}
		src += string(text)
	}
	sum := sha1.Sum([]byte(src)) // #nosec G401
	return &script{name: name, src: src, sha: hex.EncodeToString(sum[:])}, nil
}
