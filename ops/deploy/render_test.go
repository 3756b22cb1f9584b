package deploy

import (
	"fmt"
	"os"
	"reflect"
	"testing"

	appsv1 "k8s.io/api/apps/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	policyv1 "k8s.io/api/policy/v1"
	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/kyaml/filesys"
	"sigs.k8s.io/yaml"
)

// kinds are the API types of deployable objects, by apiVersion and kind.
var kinds = map[string]reflect.Type{
	"v1/ConfigMap":                            reflect.TypeFor[corev1.ConfigMap](),
	"v1/Secret":                               reflect.TypeFor[corev1.Secret](),
	"v1/Service":                              reflect.TypeFor[corev1.Service](),
	"apps/v1/Deployment":                      reflect.TypeFor[appsv1.Deployment](),
	"autoscaling/v2/HorizontalPodAutoscaler":  reflect.TypeFor[autoscalingv2.HorizontalPodAutoscaler](),
	"networking.k8s.io/v1/Ingress":            reflect.TypeFor[networkingv1.Ingress](),
	"networking.k8s.io/v1/NetworkPolicy":      reflect.TypeFor[networkingv1.NetworkPolicy](),
	"policy/v1/PodDisruptionBudget":           reflect.TypeFor[policyv1.PodDisruptionBudget](),
	"monitoring.coreos.com/v1/ServiceMonitor": reflect.TypeFor[serviceMonitor](),
}

// resources is the objects of a kustomization, by kind and name.
type resources map[string]any

// render builds a kustomization below k8s, which fails for missing files, patches and targets. It reads the output
// strictly: a field that the API does not have is an error.
func render(t *testing.T, dir string) resources {
	t.Helper()
	built, err := krusty.MakeKustomizer(krusty.MakeDefaultOptions()).Run(filesys.MakeFsOnDisk(), "k8s/"+dir)
	if err != nil {
		t.Fatalf("render %s: %v", dir, err)
	}
	all := resources{}
	for _, r := range built.Resources() {
		text, err := r.AsYAML()
		if err != nil {
			t.Fatal(err)
		}
		all[r.GetKind()+"/"+r.GetName()] = decode(t, text)
	}
	return all
}

// decode reads one manifest strictly as the type that it names.
func decode(t *testing.T, text []byte) any {
	t.Helper()
	var head struct{ APIVersion, Kind string }
	if err := yaml.Unmarshal(text, &head); err != nil {
		t.Fatalf("read %s: %v", text, err)
	}
	kind := kinds[head.APIVersion+"/"+head.Kind]
	if kind == nil {
		t.Fatalf("%s of %s is nothing that this chat deploys", head.Kind, head.APIVersion)
	}
	object := reflect.New(kind).Interface()
	if err := yaml.UnmarshalStrict(text, object); err != nil {
		t.Fatalf("%s: %v\n%s", head.Kind, err, text)
	}
	return object
}

// get returns one of the resources with its type.
func get[T any](t *testing.T, all resources, id string) *T {
	t.Helper()
	object, ok := all[id].(*T)
	if !ok {
		t.Fatalf("no %s in %v", id, fmt.Sprint(reflect.ValueOf(all).MapKeys()))
	}
	return object
}

func readFile(t *testing.T, path string) []byte {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// Strict reading finds a field that does not exist.
func TestRenderFindsMisspeltField(t *testing.T) {
	text := []byte("apiVersion: policy/v1\nkind: PodDisruptionBudget\nspec: {maxUnavailabel: 1}\n")
	var pdb policyv1.PodDisruptionBudget
	if err := yaml.UnmarshalStrict(text, &pdb); err == nil {
		t.Error("maxUnavailabel was accepted")
	}
}
