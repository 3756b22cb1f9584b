package main

import (
	"flag"
	"slices"
	"strings"
	"testing"

	"chatnode/ops/rig"
)

func parse(args string) (*options, error) {
	o := &options{}
	fs := flag.NewFlagSet("", flag.ContinueOnError)
	fs.SetOutput(&strings.Builder{})
	o.register(fs)
	if err := fs.Parse(strings.Fields(args)); err != nil {
		return nil, err
	}
	return o, o.validate()
}

func TestRoomsFlag(t *testing.T) {
	var got RoomClasses
	if err := got.Set("75%:10:0.5,25%:1000:2"); err != nil || !slices.Equal(got, RoomClasses{{0.75, 10, 0.5}, {0.25, 1000, 2}}) {
		t.Errorf("%v, %v", got, err)
	}
	if n := got[1].count(1e6); n != 250 || got.String() != "75%:10:0.5,25%:1000:2" {
		t.Errorf("%v rooms of %v", n, &got)
	}
	for _, bad := range []string{"", "50%:10:1", "100:10:1", "100%:10", "100%:0:1", "100%:10:x", "100%:10:1x", "100%:10:-1"} {
		if got.Set(bad) == nil {
			t.Errorf("%q is accepted", bad)
		}
	}
}

func TestOptionsRejectBadValues(t *testing.T) {
	for _, bad := range []string{"-connections 0", "-rooms x", "-check y", "-text 0", "-pod-cores 0", "-redis-busy 0"} {
		if _, err := parse(bad); err == nil {
			t.Errorf("%q is accepted", bad)
		}
	}
}

func TestDefaultsPlanThreeSizes(t *testing.T) {
	o, err := parse("")
	if err != nil || !slices.Equal(o.connections, rig.Numbers{1e6, 1e7, 1e8}) || o.workload.Writers != 2 || len(o.workload.Rooms) != 3 {
		t.Errorf("%+v, %v", o, err)
	}
}
