package deploy

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/compose-spec/compose-go/v2/cli"
	"github.com/compose-spec/compose-go/v2/types"
)

const composeFile = "compose/docker-compose.yml"

// secrets are the variables of .env.example that have no default, made up.
func secrets(t *testing.T) []string {
	t.Helper()
	var env []string
	for line := range strings.Lines(string(readFile(t, "compose/.env.example"))) {
		if name, empty := strings.CutSuffix(strings.TrimSpace(line), "="); empty && !strings.HasPrefix(name, "#") {
			env = append(env, name+"="+strings.Repeat(name, 4))
		}
	}
	return env
}

// project is the compose file as compose itself understands it: against its schema, interpolated.
func project(t *testing.T, env []string) (*types.Project, error) {
	t.Helper()
	options, err := cli.NewProjectOptions([]string{composeFile}, cli.WithEnv(env), cli.WithResolvedPaths(true))
	if err != nil {
		t.Fatal(err)
	}
	return options.LoadProject(t.Context())
}

func load(t *testing.T) *types.Project {
	t.Helper()
	p, err := project(t, secrets(t))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestComposeHasAWholeChat(t *testing.T) {
	p := load(t)
	want := []string{"chatnode-1", "chatnode-2", "grafana", "haproxy", "prometheus", "redis"}
	if got := slices.Sorted(slices.Values(p.ServiceNames())); !slices.Equal(got, want) {
		t.Errorf("services %v, want %v", got, want)
	}
	for name, service := range p.Services {
		open := name == "haproxy" || name == "grafana"
		if got := len(service.Ports) > 0; got != open {
			t.Errorf("%s is open to the outside: %v", name, got)
		}
	}
}

// Nobody starts a chat without secrets by mistake.
func TestComposeAsksForEverySecret(t *testing.T) {
	all := secrets(t)
	if len(all) != 5 {
		t.Errorf(".env.example asks for %v", all)
	}
	for i, secret := range all {
		if _, err := project(t, slices.Delete(slices.Clone(all), i, i+1)); err == nil {
			t.Errorf("taken without %s", secret)
		}
	}
}

// Whatever is mounted from this tree is there.
func TestComposeMountsWhatIsThere(t *testing.T) {
	here, err := filepath.Abs(".")
	if err != nil {
		t.Fatal(err)
	}
	for name, service := range load(t).Services {
		for _, v := range service.Volumes {
			if v.Type != types.VolumeTypeBind {
				continue
			}
			if _, err := os.Stat(v.Source); err != nil || !strings.HasPrefix(v.Source, here) || !v.ReadOnly {
				t.Errorf("%s mounts %s (read only: %v): %v", name, v.Source, v.ReadOnly, err)
			}
		}
		if b := service.Build; b != nil {
			if _, err := os.Stat(filepath.Join(b.Context, "Dockerfile")); err != nil {
				t.Errorf("%s is built from %s: %v", name, b.Context, err)
			}
		}
	}
}

// The nodes take their settings, differ by name, keep their journal, and are given time to say goodbye.
func TestComposeRunsNodesThatTakeTheirSettings(t *testing.T) {
	p := load(t)
	for _, name := range []string{"chatnode-1", "chatnode-2"} {
		service := p.Services[name]
		for k := range service.Environment {
			if !variables()[k] {
				t.Errorf("%s sets %s, which chatnode does not have", name, k)
			}
		}
		cfg, err := loadSettings(func(k string) (string, bool) {
			if v := service.Environment[k]; v != nil {
				return *v, true
			}
			return "", false
		})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if len(cfg.TrustedProxies) == 0 {
			t.Errorf("%s takes the load balancer for a client", name)
		}
		if !cfg.EnableDistributedChat || string(cfg.InstanceID) != name {
			t.Errorf("%s is %s, distributed: %v", name, cfg.InstanceID, cfg.EnableDistributedChat)
		}
		if len(service.Volumes) != 1 || service.Volumes[0].Target != "/data" || service.Volumes[0].Source != name {
			t.Errorf("%s has the volumes %+v", name, service.Volumes)
		}
		if grace := time.Duration(*service.StopGracePeriod); grace < cfg.ShutdownTimeout+2*time.Second {
			t.Errorf("%s is killed after %v, and SHUTDOWN_TIMEOUT is %v", name, grace, cfg.ShutdownTimeout)
		}
	}
}

// The load balancer and Prometheus look for the nodes where compose has them.
func TestNodesAreWhereTheyAreLookedFor(t *testing.T) {
	for _, file := range []string{"haproxy/haproxy.cfg", "nginx/nginx.conf", "prometheus/targets.json"} {
		text := string(readFile(t, file))
		for _, addr := range []string{"chatnode-1:3001", "chatnode-2:3001"} {
			if !strings.Contains(text, addr) {
				t.Errorf("%s does not name %s", file, addr)
			}
		}
	}
}
