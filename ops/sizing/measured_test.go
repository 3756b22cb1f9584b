package main

import (
	"math"
	"os"
	"reflect"
	"strings"
	"testing"
)

const sizingDoc = "../docs/SIZING.md"

// The maximum factor between prediction and measurement, as in SIZING.md. Large costs are predicted well. Small costs
// are not: quiet nodes, and a Redis that is woken for every message.
const (
	busyFactor   = 1.25 // CPU of nodes with messages
	quietFactor  = 1.6  // CPU of nodes without messages: hundredths of a core
	redisFactor  = 2.2  // CPU of Redis: at most a tenth of its thread
	memoryFactor = 1.15
)

func measured(t *testing.T) *Measured {
	t.Helper()
	m, err := readMeasured()
	if err != nil {
		t.Fatal(err)
	}
	return &m
}

func TestModelPredictsMeasuredClusters(t *testing.T) {
	m := measured(t)
	if len(m.Clusters.Values) < 4 {
		t.Fatalf("%d clusters were measured, not four", len(m.Clusters.Values))
	}
	for _, c := range m.Clusters.Values {
		if busy := (c.Node + c.Redis) / 1e6; busy > 1.5 {
			t.Errorf("%d nodes used %v cores: too much for a measurement", c.Nodes, busy)
		}
		for _, p := range c.predictions(&m.Coefficients.Values) {
			if off := math.Abs(math.Log(p.predicted / p.measured)); !(off <= math.Log(maxFactor(p))) {
				t.Errorf("%d nodes, %g msg/s: %s predicted %s, measured %s: the factor exceeds %g",
					c.Nodes, p.rate, p.figure, p.format(p.predicted), p.format(p.measured), maxFactor(p))
			}
		}
	}
}

func maxFactor(p prediction) float64 {
	switch {
	case strings.HasPrefix(p.figure, "memory"):
		return memoryFactor
	case strings.HasSuffix(p.figure, "Redis"):
		return redisFactor
	case p.rate == 0:
		return quietFactor
	}
	return busyFactor
}

func TestCoefficientsAreComplete(t *testing.T) {
	v := reflect.ValueOf(measured(t).Coefficients.Values)
	for i := range v.NumField() {
		f := v.Type().Field(i)
		if n := v.Field(i).Float(); !(n > 0) && f.Name != "NodeFrame" {
			t.Errorf("%s is %v", f.Name, n)
		}
		if f.Tag.Get("json") == "" || f.Tag.Get("unit") == "" || f.Tag.Get("meaning") == "" {
			t.Errorf("%s has incomplete tags", f.Name)
		}
	}
}

func TestDocumentHasTables(t *testing.T) {
	o, err := parse("")
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(sizingDoc)
	if err != nil {
		t.Fatal(err)
	}
	for name, table := range measured(t).tables(o) {
		if !strings.Contains(string(text), table) {
			t.Errorf("SIZING.md has an old table of %s; run make sizing ARGS='-doc ops/docs/SIZING.md'", name)
		}
	}
}

// The coefficients are computed from the costs that they produce in each run.
func TestSolveFindsCoefficients(t *testing.T) {
	want, got := roundCosts(), &Coefficients{}
	delivery := want.NodeWrite + want.NodeFrame
	const sum = 700 // append and receive at quietRate
	m := messageCosts{
		spread:     want.NodeAppend + 4*want.NodeReceive + 4*delivery,
		spreadHigh: want.NodeAppend + 4*want.ReceiveBusy + 4*delivery,
		quiet:      sum + 4*delivery,
		low:        want.NodeAppend + want.NodeReceive + 4*delivery,
		high:       want.AppendBusy + want.ReceiveBusy + 4*delivery,
		huge:       sum + 1000*delivery,
		flushed:    want.NodeAppend + want.NodeReceive + 500*(want.NodeWrite/20+want.NodeFrame),
		batch:      20,
	}
	m.solve(got)
	near(t, "write", got.NodeWrite, want.NodeWrite)
	near(t, "frame", got.NodeFrame, want.NodeFrame)
	near(t, "receive", got.NodeReceive, want.NodeReceive)
	near(t, "receive, busy", got.ReceiveBusy, want.ReceiveBusy)
	near(t, "append", got.NodeAppend, want.NodeAppend)
	near(t, "append, busy", got.AppendBusy, want.AppendBusy)
}
