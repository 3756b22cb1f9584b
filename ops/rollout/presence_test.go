package rollout

import (
	"fmt"
	"sync"

	"chatnode/ops/e2e/client"
)

// A presence is what followers are told about who is here. Once it is armed every count of members other than the
// true one is a flap: nobody comes or goes for longer than it takes to change nodes.
type presence struct {
	mu     sync.Mutex
	latest map[string]int // follower → members
	want   int            // 0: not armed
	frames int            // told since it was armed
	flaps  []string
	least  int
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
		p.least = min(p.least, counts.Members)
	}
}

// agree says whether so many followers have last been told of so many members.
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
	p.want, p.least = members, members
}

func (p *presence) seen() (frames, least int, flaps []string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.frames, p.least, append([]string(nil), p.flaps...)
}
