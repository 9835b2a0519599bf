package app

import (
	"github.com/prometheus/client_golang/prometheus"

	"github.com/rostrumlive/rostrum/internal/bodies"
)

// cacheCollector tells of the cache of media when Prometheus asks.
type cacheCollector struct {
	cache *bodies.Cache
	descs map[string]*prometheus.Desc
}

func newCacheCollector(cache *bodies.Cache) *cacheCollector {
	c := &cacheCollector{cache: cache, descs: map[string]*prometheus.Desc{}}
	for name, help := range map[string]string{
		"rostrum_http_cache_limit_bytes":  "Bytes of media that may be kept ready for TLS and HTTP/2.",
		"rostrum_http_cache_bytes":        "Bytes of media that are kept ready for TLS and HTTP/2, or are being sent from there.",
		"rostrum_http_cache_hits_total":   "Requests answered from the cache of media.",
		"rostrum_http_cache_misses_total": "Files read into the cache of media.",
		"rostrum_http_cache_full_total":   "Requests for which the cache of media had no room.",
	} {
		c.descs[name] = prometheus.NewDesc(name, help, nil, nil)
	}
	return c
}

// Describe implements prometheus.Collector.
func (c *cacheCollector) Describe(ch chan<- *prometheus.Desc) {
	for _, d := range c.descs {
		ch <- d
	}
}

// Collect implements prometheus.Collector.
func (c *cacheCollector) Collect(ch chan<- prometheus.Metric) {
	send := func(kind prometheus.ValueType, name string, v int64) {
		ch <- prometheus.MustNewConstMetric(c.descs[name], kind, float64(v))
	}
	s := c.cache.Stats()
	send(prometheus.GaugeValue, "rostrum_http_cache_limit_bytes", s.Limit)
	send(prometheus.GaugeValue, "rostrum_http_cache_bytes", s.Bytes)
	send(prometheus.CounterValue, "rostrum_http_cache_hits_total", s.Hits)
	send(prometheus.CounterValue, "rostrum_http_cache_misses_total", s.Misses)
	send(prometheus.CounterValue, "rostrum_http_cache_full_total", s.Turns)
}
