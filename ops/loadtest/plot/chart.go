package plot

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"math"
	"time"
)

// Point is one interval.
type Point struct {
	At       time.Duration // end of the interval
	P50, P99 time.Duration // 0: nothing was measured
	Rate     float64       // deliveries per second
}

// Chart is latency over time, with the deliveries below.
type Chart struct {
	Title    string
	Subtitle string
	Points   []Point // in ascending order of At
}

// Sizes in pixels. Text is at least 12 high.
const (
	width, height   = 960, 520
	left, right     = 84, 936
	top, bottom     = 92, 352 // of the latency panel
	top2, bottom2   = 392, 472
	colorP50        = "#2563eb"
	colorP99        = "#dc2626"
	colorRate       = "#94a3b8"
	emptySpan       = time.Second
	defaultMs       = 1.0
	mostTimes       = 10
	mostRates       = 2
	roundUp         = 1.05
	legendWidth     = 64
	firstLegendLeft = right - 2*legendWidth + 12
)

// Render writes the chart as SVG. Its error is that of w.
func (c *Chart) Render(w io.Writer) error {
	d := &drawing{}
	d.put(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d" font-family="system-ui, sans-serif" font-size="12" fill="#475569" role="img">`, width, height, width, height)
	d.put(`<title>%s</title>`, escape(c.Title))
	d.put(`<rect width="%d" height="%d" fill="#ffffff"/>`, width, height)
	d.put(`<text x="%d" y="36" font-size="20" font-weight="600" fill="#0f172a">%s</text>`, left, escape(c.Title))
	d.put(`<text x="%d" y="58" font-size="13">%s</text>`, left, escape(c.Subtitle))
	d.legend(0, colorP50, "p50")
	d.legend(1, colorP99, "p99")
	x := c.times(d)
	c.latencies(d, x)
	c.rates(d, x)
	d.put(`</svg>`)
	if _, err := w.Write(d.Bytes()); err != nil {
		return fmt.Errorf("write the plot: %w", err)
	}
	return nil
}

// times draws the axis that both panels share.
func (c *Chart) times(d *drawing) axis {
	span := emptySpan
	if n := len(c.Points); n > 0 {
		span = max(span, c.Points[n-1].At)
	}
	x := axis{high: span.Seconds(), start: left, end: right}
	each := timeStep(span, mostTimes)
	for t := time.Duration(0); t <= span; t += each {
		at := x.at(t.Seconds())
		d.put(`<path d="M%.1f %dV%dM%.1f %dV%d" stroke="#f1f5f9"/>`, at, top, bottom, at, top2, bottom2)
		d.put(`<text x="%.1f" y="%d" text-anchor="middle">%s</text>`, at, bottom2+20, timeLabel(t, each))
	}
	d.put(`<text x="%d" y="%d" text-anchor="middle">time since the first message</text>`, (left+right)/2, bottom2+40)
	return x
}

// latencies draws the upper panel. Its axis is logarithmic, so that an outage does not flatten the rest.
func (c *Chart) latencies(d *drawing, x axis) {
	low, high := math.Inf(1), 0.0
	for _, p := range c.Points {
		if p.P50 > 0 {
			low, high = min(low, ms(p.P50)), max(high, ms(p.P99))
		}
	}
	if high == 0 {
		low, high = defaultMs, defaultMs
	}
	y := axis{start: bottom, end: top, log: true}
	y.low, y.high = decades(low, high)
	d.caption(top, bottom, "latency (log)")
	for _, v := range logTicks(y.low, y.high) {
		d.tick(y.at(v), latencyLabel(v))
	}
	d.curve(c.Points, x, y, colorP99, func(p Point) time.Duration { return p.P99 })
	d.curve(c.Points, x, y, colorP50, func(p Point) time.Duration { return p.P50 })
}

// rates draws the lower panel.
func (c *Chart) rates(d *drawing, x axis) {
	highest := 1.0
	for _, p := range c.Points {
		highest = max(highest, p.Rate)
	}
	y := axis{high: highest * roundUp, start: bottom2, end: top2}
	d.caption(top2, bottom2, "deliveries/s")
	var spots []spot
	var from time.Duration
	for _, p := range c.Points { // a rate applies to its whole interval
		spots = append(spots, spot{x.at(from.Seconds()), y.at(p.Rate)}, spot{x.at(p.At.Seconds()), y.at(p.Rate)})
		from = p.At
	}
	d.put(`<path d="%s" fill="%s" fill-opacity="0.35" stroke="%s"/>`, area(spots, bottom2), colorRate, colorRate)
	each := step(highest, mostRates)
	for v := 0.0; v <= highest; v += each {
		d.tick(y.at(v), rateLabel(v))
	}
}

type drawing struct{ bytes.Buffer }

func (d *drawing) put(format string, args ...any) { fmt.Fprintf(d, format+"\n", args...) }

func (d *drawing) legend(i int, color, name string) {
	at := firstLegendLeft + i*legendWidth
	d.put(`<path d="M%d 54h20" stroke="%s" stroke-width="2.5"/><text x="%d" y="58" font-size="13">%s</text>`, at, color, at+26, name)
}

// tick draws a line across a panel, and its label.
func (d *drawing) tick(y float64, label string) {
	d.put(`<path d="M%d %.1fH%d" stroke="#e2e8f0"/><text x="%d" y="%.1f" text-anchor="end">%s</text>`, left, y, right, left-8, y+4, label)
}

// caption draws the name of a panel's axis.
func (d *drawing) caption(top, bottom int, name string) {
	at := (top + bottom) / 2
	d.put(`<text x="20" y="%d" text-anchor="middle" transform="rotate(-90 20 %d)">%s</text>`, at, at, name)
}

// curve draws one line of the upper panel, or a dot for a single point.
func (d *drawing) curve(points []Point, x, y axis, color string, of func(Point) time.Duration) {
	spots := make([]spot, len(points))
	for i, p := range points {
		spots[i] = spot{x.at(p.At.Seconds()), -1}
		if of(p) > 0 {
			spots[i].y = y.at(ms(of(p)))
		}
	}
	d.put(`<path d="%s" fill="none" stroke="%s" stroke-width="2" stroke-linejoin="round" stroke-linecap="round"/>`, line(spots), color)
	for _, s := range spots {
		if len(spots) == 1 && s.y >= 0 {
			d.put(`<circle cx="%.1f" cy="%.1f" r="3" fill="%s"/>`, s.x, s.y, color)
		}
	}
}

func ms(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

func escape(text string) string {
	var b bytes.Buffer
	_ = xml.EscapeText(&b, []byte(text)) // a buffer accepts everything
	return b.String()
}
