package app

import "github.com/prometheus/client_golang/prometheus"

// viewerCollector tells of the connections of viewers when Prometheus asks.
type viewerCollector struct {
	viewers *viewers
	descs   map[string]*prometheus.Desc
}

func newViewerCollector(v *viewers) *viewerCollector {
	c := &viewerCollector{viewers: v, descs: map[string]*prometheus.Desc{}}
	for name, help := range map[string]string{
		"rostrum_http_connections":           "HTTP connections that are open.",
		"rostrum_http_connections_total":     "HTTP connections accepted.",
		"rostrum_http_cut_off_total":         "HTTP connections, and requests of HTTP/2, cut off that did not take what they had asked for.",
		"rostrum_http_made_room_total":       "Idle HTTP connections closed to make room for others.",
		"rostrum_http_turned_away_total":     "HTTP connections refused as there was no room.",
		"rostrum_http_accept_no_files_total": "Times that no HTTP connection could be accepted as no file could be opened.",
		"rostrum_https_connections":          "HTTP connections that are open and use TLS.",
		"rostrum_https_connections_total":    "HTTP connections accepted that use TLS.",
		"rostrum_http_connections_limit":     "HTTP connections that may be open at a time.",
	} {
		c.descs[name] = prometheus.NewDesc(name, help, nil, nil)
	}
	return c
}

// Describe implements prometheus.Collector.
func (c *viewerCollector) Describe(ch chan<- *prometheus.Desc) {
	for _, d := range c.descs {
		ch <- d
	}
}

// Collect implements prometheus.Collector.
func (c *viewerCollector) Collect(ch chan<- prometheus.Metric) {
	send := func(kind prometheus.ValueType, name string, v int64) {
		ch <- prometheus.MustNewConstMetric(c.descs[name], kind, float64(v))
	}
	v := c.viewers
	send(prometheus.GaugeValue, "rostrum_http_connections", int64(v.count()))
	send(prometheus.GaugeValue, "rostrum_http_connections_limit", int64(v.limit))
	send(prometheus.CounterValue, "rostrum_http_connections_total", v.accepted.Load())
	send(prometheus.GaugeValue, "rostrum_https_connections", int64(v.countTLS()))
	send(prometheus.CounterValue, "rostrum_https_connections_total", v.acceptedTLS.Load())
	send(prometheus.CounterValue, "rostrum_http_cut_off_total", v.cutOff.Load())
	send(prometheus.CounterValue, "rostrum_http_made_room_total", v.madeRoom.Load())
	send(prometheus.CounterValue, "rostrum_http_turned_away_total", v.turnedAway.Load())
	send(prometheus.CounterValue, "rostrum_http_accept_no_files_total", v.starved.Load())
}
