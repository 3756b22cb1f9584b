package deploy

import (
	"reflect"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"

	"chatnode/node"
)

// environment is what a pod of a deployment has, with made-up secrets.
func environment(t *testing.T, all resources, name string) map[string]string {
	t.Helper()
	env := map[string]string{}
	for k, v := range get[corev1.ConfigMap](t, all, "ConfigMap/chatnode").Data {
		env[k] = v
	}
	secret, ok := decode(t, readFile(t, "k8s/secret.template.yaml")).(*corev1.Secret)
	if !ok {
		t.Fatal("k8s/secret.template.yaml is no Secret")
	}
	for k, v := range secret.StringData {
		if !strings.Contains(v, "REPLACE_ME") {
			t.Errorf("the template's %s is not for replacing", k)
		}
		env[k] = strings.ReplaceAll(v, "REPLACE_ME", strings.Repeat(k, 3))
	}
	for _, e := range get[appsv1.Deployment](t, all, "Deployment/"+name).Spec.Template.Spec.Containers[0].Env {
		env[e.Name] = e.Value
		if e.ValueFrom != nil {
			env[e.Name] = name + "-7d9f8b-x2x4q"
		}
	}
	return env
}

// loadSettings reads settings from an environment, as a node does.
func loadSettings(lookup node.Lookup) (node.Config, error) {
	var cfg node.Config
	loader := node.NewLoader(lookup)
	parser, err := kong.New(&cfg, loader.Options()...)
	if err != nil {
		return cfg, err
	}
	if _, err := parser.Parse(nil); err != nil {
		return cfg, err
	}
	return cfg, loader.Finish(&cfg)
}

// variables are all settings that chatnode has.
func variables() map[string]bool {
	all := map[string]bool{}
	for f := range reflect.TypeFor[node.Config]().Fields() {
		all[f.Tag.Get("var")] = true
	}
	return all
}

func TestEverySettingIsOneThatChatnodeHas(t *testing.T) {
	known := variables()
	for _, track := range tracks {
		all := render(t, track.dir)
		for _, name := range append(track.serving, track.waiting...) {
			for k := range environment(t, all, name) {
				if !known[k] {
					t.Errorf("%s sets %s, which chatnode does not have", track.dir, k)
				}
			}
			cfg := settings(t, all, name)
			if len(cfg.TrustedProxies) == 0 {
				t.Errorf("%s of %s takes the ingress for a client", name, track.dir)
			}
			if waits := len(track.waiting) > 0 && name == track.waiting[0]; cfg.EnableDistributedChat == waits {
				t.Errorf("%s of %s: ENABLE_DISTRIBUTED_CHAT is %v", name, track.dir, cfg.EnableDistributedChat)
			}
		}
	}
}

// envFrom names what there is: the ConfigMap, and the Secret of the template.
func TestSettingsComeFromWhatIsThere(t *testing.T) {
	for _, from := range deployment(t).Spec.Template.Spec.Containers[0].EnvFrom {
		if c := from.ConfigMapRef; c != nil {
			get[corev1.ConfigMap](t, render(t, "base"), "ConfigMap/"+c.Name)
		}
		if s := from.SecretRef; s != nil && s.Name != "chatnode" {
			t.Errorf("the settings are in a Secret %s, the template's is chatnode", s.Name)
		}
	}
}
