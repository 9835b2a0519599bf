package app

import (
	"github.com/prometheus/client_golang/prometheus"

	"github.com/rostrumlive/rostrum/internal/restream"
)

// relayCollector tells of relays to other servers when Prometheus asks.
type relayCollector struct {
	relays                                    *restream.Service
	there, connected, begun, failed, lost, up *prometheus.Desc
}

func newRelayCollector(s *restream.Service) *relayCollector {
	desc := func(name, help string) *prometheus.Desc { return prometheus.NewDesc(name, help, nil, nil) }
	return &relayCollector{
		relays:    s,
		there:     desc("rostrum_relays", "Streams that are relayed to other servers, also such as wait for them."),
		connected: desc("rostrum_relays_connected", "Of these, those that the other server has let in."),
		begun:     desc("rostrum_relay_connections_total", "Connections on which another server let a stream in."),
		failed:    desc("rostrum_relay_failures_total", "Connections to other servers that failed or broke."),
		lost:      desc("rostrum_relay_lost_units_total", "Pictures and audio frames that another server was too slow for."),
		up:        desc("rostrum_relay_bytes_total", "Bytes of media relayed."),
	}
}

// Describe implements prometheus.Collector.
func (c *relayCollector) Describe(ch chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{c.there, c.connected, c.begun, c.failed, c.lost, c.up} {
		ch <- d
	}
}

// Collect implements prometheus.Collector.
func (c *relayCollector) Collect(ch chan<- prometheus.Metric) {
	s := c.relays.Stats()
	ch <- prometheus.MustNewConstMetric(c.there, prometheus.GaugeValue, float64(s.Relays))
	ch <- prometheus.MustNewConstMetric(c.connected, prometheus.GaugeValue, float64(s.Connected))
	ch <- prometheus.MustNewConstMetric(c.begun, prometheus.CounterValue, float64(s.Begun))
	ch <- prometheus.MustNewConstMetric(c.failed, prometheus.CounterValue, float64(s.Failed))
	ch <- prometheus.MustNewConstMetric(c.lost, prometheus.CounterValue, float64(s.Lost))
	ch <- prometheus.MustNewConstMetric(c.up, prometheus.CounterValue, float64(s.Bytes))
}
