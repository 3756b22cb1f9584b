package rig

import (
	"os"
	"os/exec"
	"testing"
	"time"
)

func TestStatIsReadBehindAnyName(t *testing.T) {
	const line = "4711 (a (odd) name) S 1 4711 4711 0 -1 4194560 5 0 0 0 150 25 0 0 20 0 9 0 1 2 3"
	if d, err := parseStat(line); err != nil || d != 1750*time.Millisecond {
		t.Errorf("%v, %v", d, err)
	}
	if _, err := parseStat("4711 (cut) S 1"); err == nil {
		t.Error("a line that ends too early was read")
	}
	if n, err := parseStatm("1000 321 5 1 0 9 0\n"); err != nil || n != 321 {
		t.Errorf("%v, %v", n, err)
	}
	if _, err := parseStatm("1000"); err == nil {
		t.Error("a line that ends too early was read")
	}
}

// This process is here, and has used something.
func TestTheKernelSaysWhatWeExpect(t *testing.T) {
	for burn := time.Now(); time.Since(burn) < 50*time.Millisecond; { // to use something
	}
	u, err := usage(os.Getpid())
	if err != nil || u.CPU <= 0 || u.Memory < 1<<20 {
		t.Errorf("%+v, %v", u, err)
	}
	if _, err := usage(0); err == nil {
		t.Error("process 0 has a usage")
	}
}

// A program that has ended by itself is named, with what it said; one that must be told ends when told.
func TestPrograms(t *testing.T) {
	sh, err := exec.LookPath("sh")
	if err != nil {
		t.Fatal(err)
	}
	ended, err := Start(t.TempDir(), "brief", sh, []string{"-c", "echo the end; exit 3"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := ended.Await(t.Context(), func() bool { return false }); err == nil || err.Error() != "brief has ended:\nthe end\n" {
		t.Errorf("%v", err)
	}
	var g Group
	lasting, err := Start(t.TempDir(), "lasting", sh, []string{"-c", "sleep 1000"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	g.Add(lasting)
	g.Add(ended)
	if err := g.Stop(); err != nil {
		t.Error(err)
	}
	if _, err := Of(lasting); err == nil {
		t.Error("a program that was stopped still uses something")
	}
}
