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

// metrics answers GET /metrics, with the JSON of the operations guide or in a Prometheus format.
type metrics struct {
	node      *Node
	key       auth.Key
	startedAt time.Time
	text      http.Handler
	denied    denials
}

// newMetrics returns the metrics of a node. All other parts of the node must exist. Each node has its own registry, so
// that a process can contain several nodes.
func newMetrics(n *Node) *metrics {
	m := &metrics{node: n, key: auth.NewKey(n.cfg.MetricsAPIKey.Reveal()), startedAt: time.Now()}
	registry := prometheus.NewRegistry()
	registry.MustRegister(
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
		newSimpleCollector(m.simpleMetrics()), newReasonCollector(m.reasonCounters()), newHistogramCollector(m.histograms()),
		newActorCollector(n.sys), m.infoCollector(),
	)
	m.text = promhttp.HandlerFor(registry, promhttp.HandlerOpts{EnableOpenMetrics: true, ErrorLog: promhttpLogger{n.log}, Timeout: metricsTimeout})
	return m
}

// metricsTimeout is the maximum duration of one scrape. The default timeout of Prometheus is 10 s.
const metricsTimeout = 8 * time.Second

// infoCollector exports version and instance id as labels of metrics that are always 1.
func (m *metrics) infoCollector() prometheus.Collector {
	n := m.node
	build := prometheus.NewDesc("chatnode_build_info", "Version of the program; always 1.", []string{"version", "goversion"}, nil)
	instance := prometheus.NewDesc("chatnode_instance_info", "Instance id of the node; always 1.", []string{"instance_id"}, nil)
	return &constCollector{[]prometheus.Metric{
		prometheus.MustNewConstMetric(build, prometheus.GaugeValue, 1, n.version, runtime.Version()),
		prometheus.MustNewConstMetric(instance, prometheus.GaugeValue, 1, string(n.cfg.InstanceID)),
	}}
}

// constCollector exports metrics with a constant value.
type constCollector struct{ metrics []prometheus.Metric }

// Describe implements prometheus.Collector.
func (c *constCollector) Describe(to chan<- *prometheus.Desc) {
	for _, m := range c.metrics {
		to <- m.Desc()
	}
}

// Collect implements prometheus.Collector.
func (c *constCollector) Collect(to chan<- prometheus.Metric) {
	for _, m := range c.metrics {
		to <- m
	}
}

// ServeHTTP implements http.Handler.
func (m *metrics) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if denial := m.authorize(r); denial != nil {
		m.reject(w, denial)
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
