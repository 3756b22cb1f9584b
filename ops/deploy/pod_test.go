package deploy

import (
	"testing"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"

	"chatnode/node"
)

func deployment(t *testing.T) *appsv1.Deployment {
	t.Helper()
	return get[appsv1.Deployment](t, render(t, "base"), "Deployment/chatnode")
}

// A roll-out adds before it takes away, as the guide says.
func TestRollingUpdateNeverHasFewer(t *testing.T) {
	u := deployment(t).Spec.Strategy.RollingUpdate
	if u == nil || u.MaxSurge.IntValue() != 1 || u.MaxUnavailable.IntValue() != 0 {
		t.Errorf("rolling update %+v, want maxSurge 1 and maxUnavailable 0", u)
	}
}

// The node has left the service before it stops accepting, and has ended before it is killed.
func TestShutdownFitsIntoTheGracePeriod(t *testing.T) {
	cfg := settings(t, render(t, "base"), "chatnode")
	pod := deployment(t).Spec.Template.Spec
	if grace := time.Duration(*pod.TerminationGracePeriodSeconds) * time.Second; grace < cfg.ShutdownTimeout+2*time.Second {
		t.Errorf("killed after %v, and SHUTDOWN_TIMEOUT is %v", grace, cfg.ShutdownTimeout)
	}
	p := pod.Containers[0].ReadinessProbe
	noticed := time.Duration(p.PeriodSeconds*p.FailureThreshold) * time.Second
	if noticed+2*time.Second > cfg.DrainDelay {
		t.Errorf("noticed after %v, and DRAIN_DELAY is %v: too little for the endpoint to go round", noticed, cfg.DrainDelay)
	}
	if pod.Containers[0].Lifecycle != nil {
		t.Error("a preStop hook delays SIGTERM within the same grace period: DRAIN_DELAY does its work")
	}
}

func TestProbesAskWhatTheyShould(t *testing.T) {
	c := deployment(t).Spec.Template.Spec.Containers[0]
	for _, test := range []struct {
		name  string
		probe *corev1.Probe
		path  string
	}{
		{"startup", c.StartupProbe, "/readyz"},
		{"readiness", c.ReadinessProbe, "/readyz"},
		{"liveness", c.LivenessProbe, "/livez"},
	} {
		if test.probe == nil || test.probe.HTTPGet == nil || test.probe.HTTPGet.Path != test.path {
			t.Errorf("%s probe is %+v, want %s", test.name, test.probe, test.path)
			continue
		}
		if test.probe.HTTPGet.Port.StrVal != c.Ports[0].Name {
			t.Errorf("%s probe asks port %s", test.name, test.probe.HTTPGet.Port.String())
		}
	}
}

func TestPodMayDoLittle(t *testing.T) {
	pod := deployment(t).Spec.Template.Spec
	if s := pod.SecurityContext; !*s.RunAsNonRoot || *s.RunAsUser != 65532 || s.SeccompProfile.Type != corev1.SeccompProfileTypeRuntimeDefault {
		t.Errorf("pod's security context is %+v", s)
	}
	s := pod.Containers[0].SecurityContext
	if !*s.ReadOnlyRootFilesystem || *s.AllowPrivilegeEscalation || s.Capabilities.Drop[0] != "ALL" {
		t.Errorf("container's security context is %+v", s)
	}
	if *pod.AutomountServiceAccountToken {
		t.Error("the node has no business with the API server")
	}
}

// The journal's folder outlives the container, and has room for the whole journal.
func TestJournalOutlivesTheContainer(t *testing.T) {
	pod := deployment(t).Spec.Template.Spec
	cfg := settings(t, render(t, "base"), "chatnode")
	for _, m := range pod.Containers[0].VolumeMounts {
		if m.MountPath != cfg.DataDir {
			continue
		}
		for _, v := range pod.Volumes {
			if v.Name == m.Name && v.EmptyDir != nil && v.EmptyDir.SizeLimit.Value() > int64(cfg.JournalMaxBytes) {
				return
			}
		}
	}
	t.Errorf("%s is on no volume with room for JOURNAL_MAX_BYTES (%d)", cfg.DataDir, cfg.JournalMaxBytes)
}

func TestEveryPodHasANameOfItsOwn(t *testing.T) {
	for _, e := range deployment(t).Spec.Template.Spec.Containers[0].Env {
		if e.Name == "INSTANCE_ID" && e.ValueFrom != nil && e.ValueFrom.FieldRef.FieldPath == "metadata.name" {
			return
		}
	}
	t.Error("INSTANCE_ID is not the pod's name")
}

// settings is what a node of a deployment is configured with, read by the node itself; secrets are made up.
func settings(t *testing.T, all resources, name string) node.Config {
	t.Helper()
	cfg, err := loadSettings(func(variable string) (string, bool) {
		v, ok := environment(t, all, name)[variable]
		return v, ok
	})
	if err != nil {
		t.Fatalf("the settings of %s: %v", name, err)
	}
	return cfg
}
