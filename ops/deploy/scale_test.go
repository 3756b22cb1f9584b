package deploy

import (
	"testing"

	autoscalingv2 "k8s.io/api/autoscaling/v2"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	policyv1 "k8s.io/api/policy/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// serviceMonitor is the fields of the Prometheus operator's resource that this folder uses.
type serviceMonitor struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata"`
	Spec              struct {
		Selector  metav1.LabelSelector `json:"selector"`
		Endpoints []struct {
			Port          string `json:"port"`
			Path          string `json:"path"`
			Interval      string `json:"interval"`
			Authorization struct {
				Type        string                   `json:"type"`
				Credentials corev1.SecretKeySelector `json:"credentials"`
			} `json:"authorization"`
		} `json:"endpoints"`
	} `json:"spec"`
}

// Prometheus finds the Service by an existing port, and sends the key of the nodes.
func TestNetworkAdmitsPrometheus(t *testing.T) {
	all := render(t, "base")
	monitor := get[serviceMonitor](t, all, "ServiceMonitor/chatnode").Spec
	service := get[corev1.Service](t, all, "Service/chatnode")
	if !selects(monitor.Selector.MatchLabels, service.Labels) {
		t.Errorf("%v does not select the Service, %v", monitor.Selector.MatchLabels, service.Labels)
	}
	e := monitor.Endpoints[0]
	if e.Port != service.Spec.Ports[0].Name || e.Path != "/metrics" {
		t.Errorf("scrapes %s of port %s", e.Path, e.Port)
	}
	if c := e.Authorization; c.Type != "Bearer" || c.Credentials.Name != "chatnode" || c.Credentials.Key != "METRICS_API_KEY" {
		t.Errorf("scrapes with %+v", c)
	}
}

func TestAutoscalerCountsConnections(t *testing.T) {
	h := get[autoscalingv2.HorizontalPodAutoscaler](t, render(t, "base"), "HorizontalPodAutoscaler/chatnode").Spec
	if *h.MinReplicas < 2 {
		t.Errorf("as few as %d", *h.MinReplicas)
	}
	var pods, cpu bool
	for _, m := range h.Metrics {
		pods = pods || m.Pods != nil && m.Pods.Metric.Name == "chatnode_connections"
		cpu = cpu || m.Resource != nil && m.Resource.Name == corev1.ResourceCPU
	}
	if !pods || !cpu {
		t.Errorf("scales on %+v, want connections and CPU", h.Metrics)
	}
	if requests := deployment(t).Spec.Template.Spec.Containers[0].Resources.Requests; requests.Cpu().IsZero() {
		t.Error("a share of CPU needs a request to be a share of")
	}
}

func TestDisruptionBudgetIsOne(t *testing.T) {
	pdb := get[policyv1.PodDisruptionBudget](t, render(t, "base"), "PodDisruptionBudget/chatnode").Spec
	if pdb.MaxUnavailable == nil || pdb.MaxUnavailable.IntValue() != 1 {
		t.Errorf("maxUnavailable is %v, want 1", pdb.MaxUnavailable)
	}
}

// Both directions are closed except for the listed ones, which include Redis.
func TestNetworkIsClosed(t *testing.T) {
	policy := get[networkingv1.NetworkPolicy](t, render(t, "base"), "NetworkPolicy/chatnode").Spec
	if len(policy.PolicyTypes) != 2 || len(policy.Ingress) != 1 {
		t.Fatalf("policy types %v, %d rules in", policy.PolicyTypes, len(policy.Ingress))
	}
	if in := policy.Ingress[0]; len(in.From) == 0 || len(in.Ports) != 1 || in.Ports[0].Port.String() != "http" {
		t.Errorf("lets in %+v", in)
	}
	for _, rule := range policy.Egress {
		for _, p := range rule.Ports {
			if p.Port.IntValue() == 6379 && len(rule.To) > 0 {
				return
			}
		}
	}
	t.Error("no way to Redis")
}

// A WebSocket outlives the usual minute of the ingress.
func TestIngressKeepsWebSocketsOpen(t *testing.T) {
	all := render(t, "base")
	ingress := get[networkingv1.Ingress](t, all, "Ingress/chatnode")
	for _, timeout := range []string{"proxy-read-timeout", "proxy-send-timeout"} {
		if got := ingress.Annotations["nginx.ingress.kubernetes.io/"+timeout]; got != "3600" {
			t.Errorf("%s is %q", timeout, got)
		}
	}
	backend := ingress.Spec.Rules[0].HTTP.Paths[0].Backend.Service
	service := get[corev1.Service](t, all, "Service/"+backend.Name)
	if backend.Port.Name != service.Spec.Ports[0].Name {
		t.Errorf("the ingress asks port %s of the Service", backend.Port.Name)
	}
}
