package prom

import (
	"fmt"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// The troubleshooting commands of the guide, typed into redis-cli unchanged, and their documented output.
func TestGuideTroubleshooting(t *testing.T) {
	m := newManual(t, nil)
	if got := m.redisCLI("ping"); got != "PONG" {
		t.Errorf("ping: %s", got)
	}
	for _, broken := range []struct {
		name  string
		check func(*manual)
	}{
		{"messages not broadcasting", (*manual).channelsAndSubscribers},
		{"presence counts incorrect", (*manual).presenceInRedis},
		{"instance not appearing in cluster", (*manual).instanceKeys},
		{"degraded mode active", (*manual).degradedAndBack},
	} {
		t.Run(broken.name, func(t *testing.T) {
			defer func(outer *testing.T) { m.T = outer }(m.T)
			m.T = t
			broken.check(m)
		})
	}
}

// "Should show: chat:pubsub:global:broadcast, etc.", and "number of subscribers".
func (m *manual) channelsAndSubscribers() {
	if got := lines(m.redisCLI("PUBSUB CHANNELS chat:*")); !slices.Contains(got, "chat:pubsub:global:broadcast") || len(got) < 2 {
		m.Errorf("channels: %v", got)
	}
	if got := m.redisCLI("PUBSUB NUMSUB chat:pubsub:global:broadcast"); got != "chat:pubsub:global:broadcast\n3" {
		m.Errorf("subscribers: %s, want one for each of three nodes", got)
	}
}

// Counts by user, the time of each, and "presence will rebuild automatically".
func (m *manual) presenceInRedis() {
	counted := func() bool {
		return m.redisCLI("ZCARD chat:presence:global:guests") == "1" && m.redisCLI("ZCARD chat:presence:global:members") == "2" &&
			m.redisCLI("ZCARD chat:presence:global:admins") == "1"
	}
	eventually(m.T, counted, func() string { return "two members, a guest and an admin are counted" })
	members := lines(m.redisCLI("ZRANGE chat:presence:global:members 0 -1 WITHSCORES"))
	if len(members) != 4 || !slices.Contains(members, "ann") || !slices.Contains(members, "bob") {
		m.Fatalf("members with scores: %q", members)
	}
	for _, score := range []string{members[1], members[3]} {
		seen, err := strconv.ParseInt(score, 10, 64)
		if age := time.Since(time.UnixMilli(seen)); err != nil || age < -time.Minute || age > time.Minute {
			m.Errorf("last seen %s, which is no time of a moment ago in ms", score)
		}
	}
	for _, role := range []string{"guests", "members", "admins"} {
		if got := m.redisCLI("DEL chat:presence:global:" + role); got != "1" {
			m.Errorf("DEL of the %s: %s", role, got)
		}
	}
	eventually(m.T, counted, func() string { return "presence is there again" })
}

// One key per instance, and a lease of about 30 seconds that is renewed.
func (m *manual) instanceKeys() {
	if got := lines(m.redisCLI("KEYS chat:instances:*")); len(got) != 3 || !slices.Contains(got, "chat:instances:api-1") {
		m.Errorf("instances: %v", got)
	}
	ttl, err := strconv.Atoi(m.redisCLI("TTL chat:instances:api-1"))
	if err != nil || ttl < 10 || ttl > 30 {
		m.Errorf("TTL is %d (%v), want about 30", ttl, err)
	}
}

// isDegraded becomes true while Redis is stopped, and "should return to false".
func (m *manual) degradedAndBack() {
	says := func(want string) func() bool {
		return func() bool {
			return strings.Contains(m.many[0].Get(m.T, "/metrics", metricsKey, "application/json"), fmt.Sprintf(`"isDegraded":%s`, want))
		}
	}
	m.redis.Kill()
	eventually(m.T, says("true"), func() string { return "degraded" })
	m.redis.Restart(m.T)
	eventually(m.T, says("false"), func() string { return "well again" })
}

// redisCLI runs a command in redis-cli and returns the output.
func (m *manual) redisCLI(command string) string {
	m.Helper()
	cmd := exec.CommandContext(m.Context(), program(m, "redis-cli", "redis-tools"), "-p", strconv.Itoa(m.redis.Port))
	cmd.Stdin = strings.NewReader(command + "\n")
	out, err := cmd.CombinedOutput()
	if err != nil {
		m.Fatalf("%s: %v\n%s", command, err, out)
	}
	return strings.TrimSpace(string(out))
}

func lines(text string) []string { return strings.Split(text, "\n") }
