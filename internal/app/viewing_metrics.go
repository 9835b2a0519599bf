package app

import (
	"github.com/prometheus/client_golang/prometheus"

	"github.com/rostrumlive/rostrum/internal/viewing"
)

// newViewingCollector tells of viewings when Prometheus asks.
func newViewingCollector(v *viewing.Service) prometheus.Collector {
	return prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "rostrum_viewings", Help: "Viewings of what is not for everybody that are kept in memory, also such as have just lapsed.",
	}, func() float64 { return float64(v.Count()) })
}
