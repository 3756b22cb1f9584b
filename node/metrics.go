package node

import (
	"net/http"
	"runtime"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"chatnode/transport/auth"
)

// metrics answers GET /metrics: the guide's JSON, or what Prometheus reads where that is asked for.
type metrics struct {
	node   *Node
	key    auth.Key
	born   time.Time
	text   http.Handler
	denied denials
}

// newMetrics builds the metrics of a node whose parts are all there. The registry is the node's own,
// so that two nodes fit in one process.
func newMetrics(n *Node) *metrics {
	m := &metrics{node: n, key: auth.NewKey(n.cfg.MetricsAPIKey.Reveal()), born: time.Now()}
	registry := prometheus.NewRegistry()
	registry.MustRegister(
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
		newFigureCollector(m.simpleMetrics()), newReasonCollector(m.reasonCounters()), newHistogramCollector(m.histograms()),
		newActorCollector(n.sys), m.identity(),
	)
	m.text = promhttp.HandlerFor(registry, promhttp.HandlerOpts{EnableOpenMetrics: true, ErrorLog: metricsErrors{n.log}, Timeout: metricsTimeout})
	return m
}

// metricsTimeout is how long one answer may take; Prometheus gives up after 10 s by default.
const metricsTimeout = 8 * time.Second

// identity is what there is to say of the node in words, as labels of figures that are always 1.
func (m *metrics) identity() prometheus.Collector {
	n := m.node
	build := prometheus.NewDesc("chatnode_build_info", "The program: always 1.", []string{"version", "goversion"}, nil)
	instance := prometheus.NewDesc("chatnode_instance_info", "The node: always 1.", []string{"instance_id"}, nil)
	return &constants{[]prometheus.Metric{
		prometheus.MustNewConstMetric(build, prometheus.GaugeValue, 1, n.version, runtime.Version()),
		prometheus.MustNewConstMetric(instance, prometheus.GaugeValue, 1, string(n.cfg.InstanceID)),
	}}
}

// constants is a collector of metrics that never change.
type constants struct{ metrics []prometheus.Metric }

// Describe implements prometheus.Collector.
func (c *constants) Describe(to chan<- *prometheus.Desc) {
	for _, m := range c.metrics {
		to <- m.Desc()
	}
}

// Collect implements prometheus.Collector.
func (c *constants) Collect(to chan<- prometheus.Metric) {
	for _, m := range c.metrics {
		to <- m
	}
}

// ServeHTTP implements http.Handler.
func (m *metrics) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if no := m.authorize(r); no != nil {
		m.deny(w, no)
		return
	}
	if prefersPrometheus(r.Header.Values("Accept")) {
		w.Header().Set("Cache-Control", "no-store")
		w.Header().Add("Vary", "Accept")
		m.text.ServeHTTP(w, r)
		return
	}
	w.Header().Add("Vary", "Accept")
	writeJSON(w, http.StatusOK, m.report(time.Now()))
}
