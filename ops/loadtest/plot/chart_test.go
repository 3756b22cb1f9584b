package plot

import (
	"bytes"
	"encoding/xml"
	"errors"
	"flag"
	"io"
	"os"
	"strings"
	"testing"
	"time"
)

var update = flag.Bool("update", false, "write the golden file anew")

// outage is a run with a quiet start, an outage, late messages, and the rest.
func outage() *Chart {
	c := &Chart{Title: "Delivery <latency>", Subtitle: "1000 connections & 10 rooms"}
	for i := range 30 {
		p := Point{At: time.Duration(i+1) * time.Second, P50: 800 * time.Microsecond, P99: 4 * time.Millisecond, Rate: 20_000}
		switch {
		case i >= 10 && i < 14:
			p.P50, p.P99, p.Rate = 0, 0, 0
		case i == 14:
			p.P50, p.P99, p.Rate = 2*time.Second, 4500*time.Millisecond, 95_000
		}
		c.Points = append(c.Points, p)
	}
	return c
}

func render(t *testing.T, c *Chart) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := c.Render(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestChartIsGolden(t *testing.T) {
	const golden = "testdata/outage.svg"
	got := render(t, outage())
	if *update {
		if err := os.WriteFile(golden, got, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("the chart has changed; look at it, then run go -C ops test ./loadtest/plot -update\n%s", got)
	}
}

func TestSmallChartsAreWellFormed(t *testing.T) {
	for name, c := range map[string]*Chart{
		"nothing":    {},
		"one second": {Points: []Point{{At: time.Second, P50: time.Millisecond, P99: time.Millisecond, Rate: 1}}},
		"silence":    {Points: []Point{{At: time.Second}, {At: 2 * time.Second}}},
		"an hour":    {Points: []Point{{At: time.Hour, P50: time.Microsecond, P99: time.Minute, Rate: 3e6}}},
		"outage":     outage(),
	} {
		text := render(t, c)
		d := xml.NewDecoder(bytes.NewReader(text))
		var err error
		for err == nil {
			_, err = d.Token()
		}
		if !errors.Is(err, io.EOF) {
			t.Errorf("%s: %v", name, err)
		}
		if s := string(text); strings.Contains(s, "NaN") || strings.Contains(s, "Inf") || strings.Contains(s, "%!") {
			t.Errorf("%s:\n%s", name, s)
		}
	}
}

func TestAxisLabels(t *testing.T) {
	for got, want := range map[string]string{
		latencyLabel(0.01):                        "10 µs",
		latencyLabel(0.5):                         "0.5 ms",
		latencyLabel(200):                         "200 ms",
		latencyLabel(5000):                        "5 s",
		rateLabel(50):                             "50",
		rateLabel(2_500):                          "2.5 k",
		rateLabel(1_500_000):                      "1.5 M",
		timeLabel(90*time.Second, time.Second):    "90 s",
		timeLabel(30*time.Minute, 10*time.Minute): "30 min",
		timeLabel(4*time.Hour, 2*time.Hour):       "4 h",
	} {
		if got != want {
			t.Errorf("%q, not %q", got, want)
		}
	}
}
