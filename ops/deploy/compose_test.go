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

	"chatnode/ops/settings"
)

const composeFile = "compose/docker-compose.yml"

// secrets returns made-up values for the variables of .env.example without a default.
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

// project returns the compose file as compose reads it: checked against its schema, and interpolated.
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

func TestComposeServices(t *testing.T) {
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

// compose does not start without a secret.
func TestComposeRequiresSecrets(t *testing.T) {
	all := secrets(t)
	if len(all) != 5 {
		t.Errorf(".env.example asks for %v", all)
	}
	for i, secret := range all {
		if _, err := project(t, slices.Delete(slices.Clone(all), i, i+1)); err == nil {
			t.Errorf("accepted without %s", secret)
		}
	}
}

// All files that are mounted from this tree exist.
func TestComposeMountsExist(t *testing.T) {
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

// The nodes accept their settings, have different names, keep their journals, and have time to shut down.
func TestComposeNodesAreConfigured(t *testing.T) {
	p := load(t)
	for _, name := range []string{"chatnode-1", "chatnode-2"} {
		service := p.Services[name]
		for k := range service.Environment {
			if !variables()[k] {
				t.Errorf("%s sets %s, which chatnode does not have", name, k)
			}
		}
		env := map[string]string{}
		for k, v := range service.Environment {
			if v != nil {
				env[k] = *v
			}
		}
		cfg, err := settings.Load(env)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if len(cfg.TrustedProxies) == 0 {
			t.Errorf("%s counts the load balancer as a client", name)
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

// The load balancers and Prometheus use the names of the nodes in compose.
func TestComposeNodeAddresses(t *testing.T) {
	for _, file := range []string{"haproxy/haproxy.cfg", "nginx/nginx.conf", "prometheus/targets.json"} {
		text := string(readFile(t, file))
		for _, addr := range []string{"chatnode-1:3001", "chatnode-2:3001"} {
			if !strings.Contains(text, addr) {
				t.Errorf("%s does not name %s", file, addr)
			}
		}
	}
}
