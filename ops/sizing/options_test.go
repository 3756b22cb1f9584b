package main

import (
	"io"
	"slices"
	"strings"
	"testing"
)

func TestRoomsAreRead(t *testing.T) {
	got, err := parseRooms("75%:10:0.5,25%:1000:2")
	if err != nil || !slices.Equal(got, []RoomClass{{0.75, 10, 0.5}, {0.25, 1000, 2}}) {
		t.Errorf("%v, %v", got, err)
	}
	if n := got[1].count(1e6); n != 250 {
		t.Errorf("%v rooms", n)
	}
	for _, bad := range []string{"", "50%:10:1", "100:10:1", "100%:10", "100%:0:1", "100%:10:x", "100%:10:-1"} {
		if _, err := parseRooms(bad); err == nil {
			t.Errorf("%q was read", bad)
		}
	}
}

func TestEverythingWrongIsSaidAtOnce(t *testing.T) {
	var out strings.Builder
	if _, err := parse(strings.Fields("-connections 0 -rooms x -check y -text 0 -pod-cores 0 -redis-busy 0 rest"), &out); err == nil {
		t.Fatal("accepted")
	}
	for _, want := range []string{"-connections", "-rooms", "-check", "the workload", "a node must", "a Redis must", "no arguments"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in\n%s", want, out.String())
		}
	}
}

func TestDefaultsAreAPlanForThreeSizes(t *testing.T) {
	o, err := parse(nil, io.Discard)
	if err != nil || !slices.Equal(o.connections, []float64{1e6, 1e7, 1e8}) || o.workload.Writers != o.pod.Cores/2 || len(o.workload.Rooms) != 3 {
		t.Errorf("%+v, %v", o, err)
	}
}
