package main

import (
	"io"
	"os"
	"strings"
	"testing"
)

const sizingDoc = "../docs/SIZING.md"

// The document has the tables that the tool prints.
func TestTheDocumentHasTheseTables(t *testing.T) {
	o, err := parse(nil, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	k, all, err := readCoefficients("")
	if err != nil {
		t.Fatal(err)
	}
	rows, err := readChecked(".")
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(sizingDoc)
	if err != nil {
		t.Fatal(err)
	}
	for name, table := range map[string]string{"coefficients": coefficientTable(all), "check": checkTable(k, rows), "plans": planTable(o, k)} {
		if !strings.Contains(string(text), table) {
			t.Errorf("SIZING.md has another table of %s than the tool prints; make sizing ARGS='-doc ops/docs/SIZING.md' puts it there", name)
		}
	}
}

// What the runs were made of comes back out of what they cost.
func TestTheRunsTellTheCostsApart(t *testing.T) {
	want, got := round(), &Coefficients{}
	delivery := want.NodeWrite + want.NodeFrame
	const s50 = 700 // whatever the two cost together at a rate that is not in the model
	m := messages{
		apart:     want.NodeAppend + 4*want.NodeHeard + 4*delivery,
		apartBusy: want.NodeAppend + 4*want.HeardBusy + 4*delivery,
		quiet:     s50 + 4*delivery,
		few:       want.NodeAppend + want.NodeHeard + 4*delivery,
		many:      want.AppendBusy + want.HeardBusy + 4*delivery,
		huge:      s50 + 1000*delivery,
		gathered:  want.NodeAppend + want.NodeHeard + 500*(want.NodeWrite/20+want.NodeFrame),
		batch:     20,
	}
	m.solve(got)
	near(t, "write", got.NodeWrite, want.NodeWrite)
	near(t, "frame", got.NodeFrame, want.NodeFrame)
	near(t, "heard", got.NodeHeard, want.NodeHeard)
	near(t, "heard, busy", got.HeardBusy, want.HeardBusy)
	near(t, "append", got.NodeAppend, want.NodeAppend)
	near(t, "append, busy", got.AppendBusy, want.AppendBusy)
}
