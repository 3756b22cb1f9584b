package rollout

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"chatnode/transport/redistest"
)

// redisPassword replaces the placeholder in users.acl.
const redisPassword = "a-rollout-password"

// startRedis runs Redis with the deployed redis.conf and user, and returns REDIS_URL for that user.
func startRedis(t *testing.T) string {
	t.Helper()
	conf := strings.Split(strings.TrimSpace(deployed(t, "redis/redis.conf")), "\n")
	server := redistest.Start(t, redistest.Config{Lines: conf})
	for line := range strings.Lines(deployed(t, "redis/users.acl")) {
		words := strings.Fields(strings.ReplaceAll(line, "REDIS_PASSWORD", redisPassword))
		if words[1] == "default" {
			continue // the test is the default user
		}
		command := []any{"ACL", "SETUSER"}
		for _, w := range words[1:] {
			command = append(command, w)
		}
		server.Do(t, command...)
	}
	return "redis://chatnode:" + redisPassword + "@" + server.Addr
}

// deployed returns a file of ops/deploy.
func deployed(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "deploy", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
