package node

import "github.com/prometheus/client_golang/prometheus"

// collector exports the elements of a list as metrics without labels. It calls metric for each element at each scrape.
type collector[T any] struct {
	list   []T
	descs  []*prometheus.Desc
	metric func(*T, *prometheus.Desc) prometheus.Metric
}

func newCollector[T any](list []T, describe func(*T) (name, help string), metric func(*T, *prometheus.Desc) prometheus.Metric) *collector[T] {
	c := &collector[T]{list: list, metric: metric}
	for i := range list {
		name, help := describe(&list[i])
		c.descs = append(c.descs, prometheus.NewDesc(name, help, nil, nil))
	}
	return c
}

// Describe implements prometheus.Collector.
func (c *collector[T]) Describe(to chan<- *prometheus.Desc) {
	for _, d := range c.descs {
		to <- d
	}
}

// Collect implements prometheus.Collector.
func (c *collector[T]) Collect(to chan<- prometheus.Metric) {
	for i := range c.list {
		to <- c.metric(&c.list[i], c.descs[i])
	}
}
