package node

import "testing"

// What Prometheus 2 and 3 send.
const (
	prometheus2 = "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1"
	prometheus3 = "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2"
	browser     = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"
)

func TestWantsText(t *testing.T) {
	for _, row := range []struct {
		accept []string
		want   bool
	}{
		{nil, false},
		{[]string{"*/*"}, false},
		{[]string{"application/json"}, false},
		{[]string{browser}, false},
		{[]string{prometheus2}, true},
		{[]string{prometheus3}, true},
		{[]string{"text/plain"}, true},
		{[]string{"TEXT/PLAIN; version=0.0.4"}, true},
		{[]string{"text/*"}, true},
		{[]string{"application/openmetrics-text"}, true},
		{[]string{"application/json, text/plain"}, false},
		{[]string{"application/json;q=0.5, text/plain"}, true},
		{[]string{"application/json;q=0.5", "text/plain;q=0.6"}, true},
		{[]string{"text/plain;q=0, */*"}, false},
		{[]string{"text/plain;q=2"}, false},
		{[]string{"text/plain;q=NaN"}, false},
		{[]string{",;,text"}, false},
	} {
		if got := prefersPrometheus(row.accept); got != row.want {
			t.Errorf("%q: text is %t, want %t", row.accept, got, row.want)
		}
	}
}

func FuzzWantsText(f *testing.F) {
	for _, seed := range []string{prometheus2, prometheus3, browser, "text/plain;q=-1", "*/*;q=0.1,;"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, accept string) {
		if prefersPrometheus([]string{accept, "application/json"}) && !prefersPrometheus([]string{accept}) {
			t.Errorf("%q asks for text only when JSON is asked for too", accept)
		}
		kind, quality := mediaRange(accept)
		if quality < 0 || quality > 1 || (kind == "" && quality != 0) {
			t.Errorf("%q is %q with q=%v", accept, kind, quality)
		}
	})
}
