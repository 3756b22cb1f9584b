package redisbus

import (
	"crypto/sha1" // #nosec G505 -- it is how Redis names scripts
	"embed"
	"encoding/hex"
	"fmt"
)

//go:embed lua/*.lua
var luaFiles embed.FS

// A script is Lua that Redis runs. sha is its name in EVALSHA.
type script struct{ name, src, sha string }

// scripts are all of the engine's scripts, read and hashed once for each engine.
type scripts struct {
	append, clear, advance, signal, page, presence, roster, beat, leave, sanction, lift, sanctions, check *script
}

func loadScripts() (*scripts, error) {
	s := &scripts{}
	for _, f := range []struct {
		to    **script
		name  string
		flags string // of the script's shebang: without it Redis refuses nothing before the script has begun
		parts []string
	}{
		{&s.append, "append", "", []string{"position", "find", "append"}},
		{&s.clear, "clear", "allow-oom", []string{"position", "clear"}},
		{&s.advance, "advance", "", []string{"position", "advance"}},
		{&s.signal, "signal", "allow-oom", []string{"signal"}},
		{&s.page, "range", "allow-oom", []string{"position", "range"}},
		{&s.presence, "presence", "", []string{"presence"}},
		{&s.roster, "roster", "no-writes", []string{"roster"}},
		{&s.beat, "beat", "", []string{"beat"}},
		{&s.leave, "leave", "allow-oom", []string{"leave"}},
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

// readScript lays the parts end to end under one shebang.
func readScript(name, flags string, parts []string) (*script, error) {
	src := "#!lua"
	if flags != "" {
		src += " flags=" + flags
	}
	src += "\n"
	for _, part := range parts {
		text, err := luaFiles.ReadFile("lua/" + part + ".lua")
		if err != nil {
			return nil, fmt.Errorf("redisbus: read the script %s: %w", name, err)
		}
		src += string(text)
	}
	sum := sha1.Sum([]byte(src)) // #nosec G401
	return &script{name: name, src: src, sha: hex.EncodeToString(sum[:])}, nil
}
