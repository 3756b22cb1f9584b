package main

import (
	"io"
	"slices"
	"strings"
	"testing"
)

func TestEverythingWrongIsSaidAtOnce(t *testing.T) {
	var out strings.Builder
	_, err := parse(strings.Fields("-n 0 -rooms 2 -rates 5,0,x -rounds 0 -systems log,telepathy -nodes 0 -duration 0s -connect-rate 0 rest"), &out)
	if err == nil {
		t.Fatal("accepted")
	}
	for _, want := range []string{`"0" is no rate`, `"x" is no rate`, `"telepathy" is none of`, "-n must", "-rooms must", "-rounds must", "-nodes must", "-duration must", "-connect-rate must", `unexpected argument "rest"`} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in\n%s", want, out.String())
		}
	}
}

func TestLoadsOfChatnodeAlone(t *testing.T) {
	o, err := parse(strings.Fields("-silent 10"), io.Discard)
	if err != nil || !slices.Equal(o.systems, []string{chatnode}) || o.silent != 10 || o.idle != 0 || len(o.rates) != 2 {
		t.Errorf("%+v, %v", o, err)
	}
	o, err = parse(strings.Fields("-outstanding 1,8 -idle 1s"), io.Discard)
	if err != nil || !slices.Equal(o.systems, []string{chatnode}) || !slices.Equal(o.outstanding, []int{1, 8}) || len(o.rates) != 0 || o.idle == 0 {
		t.Errorf("%+v, %v", o, err)
	}
	for _, bad := range []string{"-silent 1000", "-silent -1", "-outstanding 0", "-outstanding x", "-outstanding 1 -rates 5", "-outstanding 1 -silent 1", "-outstanding 1 -systems chatnode,log", "-profile x -duration 2s", "-profile x -silent 1", "-profile x -rates ,", "-profile x -systems log"} {
		if _, err := parse(strings.Fields(bad), io.Discard); err == nil {
			t.Errorf("%q is taken", bad)
		}
	}
}

func TestSeveralNodesNeedRedis(t *testing.T) {
	o, err := parse(strings.Fields("-nodes 3 -rates 5,20.5 -env A=1 -env B=2"), io.Discard)
	if err != nil || !o.redis || !slices.Equal(o.rates, []float64{5, 20.5}) || !slices.Equal(o.env, settings{"A=1", "B=2"}) {
		t.Errorf("%+v, %v", o, err)
	}
	if o, err = parse([]string{"-rates", ""}, io.Discard); err != nil || len(o.rates) != 0 || o.redis {
		t.Errorf("%+v, %v", o, err)
	}
}
