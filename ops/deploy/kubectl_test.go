package deploy

import (
	"maps"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	appsv1 "k8s.io/api/apps/v1"
)

var (
	kubectl  = regexp.MustCompile(`kubectl (?:-n chat )?([a-z]+ .*)`)
	object   = regexp.MustCompile(`\b(deployment|service|hpa)[/ ]([a-z-]+)`)
	setting  = regexp.MustCompile(`^set env .* ([A-Z_]+)=(\S+)`)
	image    = regexp.MustCompile(`^set image deployment/\S+ ([a-z]+)=`)
	applied  = regexp.MustCompile(`^apply -k ([a-z0-9/-]+)`)
	selector = regexp.MustCompile(`"selector":\{"([^"]+)":"([^"]+)"\}`)
)

// The kubectl commands of documents and scripts use objects, settings and folders that exist.
func TestKubectlCommandsMatchObjects(t *testing.T) {
	scripts, err := filepath.Glob("scripts/*.sh")
	if err != nil || len(scripts) == 0 {
		t.Fatal("no scripts", err)
	}
	deployed := deployedAnywhere(t)
	n := 0
	for _, file := range append(scripts, "README.md", "../docs/OPERATIONS.md", "k8s/services/configmap.yaml") {
		for _, m := range kubectl.FindAllStringSubmatch(string(readFile(t, file)), -1) {
			n++
			checkKubectl(t, file, m[1], deployed)
		}
	}
	if n < 25 {
		t.Errorf("only %d commands were found", n)
	}
}

// deployedAnywhere returns each object of each track, by kind and name.
func deployedAnywhere(t *testing.T) resources {
	t.Helper()
	all := resources{}
	for _, track := range tracks {
		maps.Copy(all, render(t, track.dir))
	}
	return all
}

var kindOf = map[string]string{"deployment": "Deployment", "service": "Service", "hpa": "HorizontalPodAutoscaler"}

func checkKubectl(t *testing.T, file, command string, deployed resources) {
	t.Helper()
	for _, m := range object.FindAllStringSubmatch(command, -1) {
		if id := kindOf[m[1]] + "/" + m[2]; deployed[id] == nil {
			t.Errorf("%s: there is no %s: %s", file, id, command)
		}
	}
	if m := setting.FindStringSubmatch(command); m != nil && !variables()[m[1]] {
		t.Errorf("%s: chatnode has no %s: %s", file, m[1], command)
	}
	if m := image.FindStringSubmatch(command); m != nil && deployment(t).Spec.Template.Spec.Containers[0].Name != m[1] {
		t.Errorf("%s: there is no container %s: %s", file, m[1], command)
	}
	if m := applied.FindStringSubmatch(command); m != nil {
		render(t, strings.TrimPrefix(m[1], "ops/deploy/k8s/")) // fails if there is nothing to render
	}
	if m := selector.FindStringSubmatch(command); m != nil && !labelled(deployed, m[1], m[2]) {
		t.Errorf("%s: no pod has %s=%s", file, m[1], m[2])
	}
}

// labelled reports whether the pods of a deployment have a label.
func labelled(deployed resources, label, value string) bool {
	for _, object := range deployed {
		if d, ok := object.(*appsv1.Deployment); ok && d.Spec.Template.Labels[label] == value {
			return true
		}
	}
	return false
}
