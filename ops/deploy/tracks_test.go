package deploy

import (
	"maps"
	"slices"
	"testing"

	appsv1 "k8s.io/api/apps/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	policyv1 "k8s.io/api/policy/v1"
)

// once lists the objects that exist once for all tracks.
var once = []string{
	"ConfigMap/chatnode", "Ingress/chatnode", "NetworkPolicy/chatnode", "PodDisruptionBudget/chatnode",
	"Service/chatnode", "ServiceMonitor/chatnode",
}

// tracks lists the kustomizations, what they add, and the tracks that get clients from the Service.
var tracks = []struct {
	dir     string
	adds    []string
	serving []string // Deployments
	waiting []string
}{
	{"base", []string{"Deployment/chatnode", "HorizontalPodAutoscaler/chatnode"}, []string{"chatnode"}, nil},
	{
		"overlays/canary",
		[]string{"Deployment/chatnode", "HorizontalPodAutoscaler/chatnode", "Deployment/chatnode-canary"},
		[]string{"chatnode", "chatnode-canary"},
		nil,
	},
	{
		"overlays/blue-green",
		[]string{
			"Deployment/chatnode-green", "HorizontalPodAutoscaler/chatnode-green",
			"Deployment/chatnode-blue", "HorizontalPodAutoscaler/chatnode-blue",
		},
		[]string{"chatnode-green"},
		[]string{"chatnode-blue"},
	},
}

func TestKustomizations(t *testing.T) {
	for _, track := range tracks {
		t.Run(track.dir, func(t *testing.T) {
			all := render(t, track.dir)
			want := slices.Sorted(slices.Values(slices.Concat(once, track.adds)))
			if got := slices.Sorted(maps.Keys(all)); !slices.Equal(got, want) {
				t.Errorf("deploys\n%v, want\n%v", got, want)
			}
			service := get[corev1.Service](t, all, "Service/chatnode").Spec.Selector
			for _, name := range track.serving {
				wantSelected(t, service, get[appsv1.Deployment](t, all, "Deployment/"+name), true)
			}
			for _, name := range track.waiting {
				wantSelected(t, service, get[appsv1.Deployment](t, all, "Deployment/"+name), false)
			}
			checkSelectors(t, all)
		})
	}
}

func wantSelected(t *testing.T, selector map[string]string, d *appsv1.Deployment, want bool) {
	t.Helper()
	if got := selects(selector, d.Spec.Template.Labels); got != want {
		t.Errorf("the Service's %v selects the pods of %s: %v, want %v", selector, d.Name, got, want)
	}
}

func selects(selector, labels map[string]string) bool {
	for k, v := range selector {
		if labels[k] != v {
			return false
		}
	}
	return len(selector) > 0
}

// checkSelectors checks that a deployment owns only its own pods, that an autoscaler scales an existing deployment, and
// that selectors of all nodes match each of them.
func checkSelectors(t *testing.T, all resources) {
	t.Helper()
	for id, object := range all {
		switch o := object.(type) {
		case *appsv1.Deployment:
			for _, other := range all {
				if d, ok := other.(*appsv1.Deployment); ok && selects(o.Spec.Selector.MatchLabels, d.Spec.Template.Labels) != (d == o) {
					t.Errorf("%s and the pods of %s", id, d.Name)
				}
			}
			labels := o.Spec.Template.Labels
			if s := get[policyv1.PodDisruptionBudget](t, all, "PodDisruptionBudget/chatnode").Spec.Selector.MatchLabels; !selects(s, labels) {
				t.Errorf("the disruption budget does not cover %s", id)
			}
			if s := get[networkingv1.NetworkPolicy](t, all, "NetworkPolicy/chatnode").Spec.PodSelector.MatchLabels; !selects(s, labels) {
				t.Errorf("the network policy does not cover %s", id)
			}
		case *autoscalingv2.HorizontalPodAutoscaler:
			get[appsv1.Deployment](t, all, "Deployment/"+o.Spec.ScaleTargetRef.Name)
		}
	}
}
