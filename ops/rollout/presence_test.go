package rollout

import (
	"fmt"
	"sync"

	"chatnode/ops/e2e/client"
)

// presence is the counts of users that readers received. After arm, each count other than the true one is a flap,
// because no client is away for longer than a change of nodes takes.
type presence struct {
	mu         sync.Mutex
	latest     map[string]int // members, by reader
	want       int            // 0: not armed
	frames     int            // received since arm
	flaps      []string
	minMembers int
}

func newPresence() *presence { return &presence{latest: map[string]int{}} }

func (p *presence) told(name string, f client.Frame) {
	counts, err := client.Decode[client.Counts](f)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.latest[name] = counts.Members
	if p.want == 0 {
		return
	}
	p.frames++
	if err != nil || counts.Members != p.want {
		p.flaps = append(p.flaps, fmt.Sprintf("%s was told %s", name, f.Raw))
		p.minMembers = min(p.minMembers, counts.Members)
	}
}

// agree reports whether this number of readers have received this count last.
func (p *presence) agree(followers, members int) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.latest) < followers {
		return false
	}
	for _, n := range p.latest {
		if n != members {
			return false
		}
	}
	return true
}

func (p *presence) arm(members int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.want, p.minMembers = members, members
}

func (p *presence) seen() (frames, minMembers int, flaps []string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.frames, p.minMembers, append([]string(nil), p.flaps...)
}
