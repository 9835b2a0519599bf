package app

import (
	"github.com/prometheus/client_golang/prometheus"

	"github.com/rostrumlive/rostrum/internal/transcode"
)

// stillCollector tells of the pictures of streams and recordings when
// Prometheus asks.
type stillCollector struct {
	ffmpeg            *transcode.Transcoder
	made, failed, cpu *prometheus.Desc
}

func newStillCollector(t *transcode.Transcoder) *stillCollector {
	desc := func(name, help string) *prometheus.Desc { return prometheus.NewDesc(name, help, nil, nil) }
	return &stillCollector{
		ffmpeg: t,
		made:   desc("rostrum_stills_total", "Pictures of streams and recordings made by ffmpeg."),
		failed: desc("rostrum_stills_failed_total", "Runs of ffmpeg of which no picture came."),
		cpu:    desc("rostrum_ffmpeg_cpu_seconds_total", "Processor time that runs of ffmpeg used."),
	}
}

// Describe implements prometheus.Collector.
func (c *stillCollector) Describe(ch chan<- *prometheus.Desc) {
	ch <- c.made
	ch <- c.failed
	ch <- c.cpu
}

// Collect implements prometheus.Collector.
func (c *stillCollector) Collect(ch chan<- prometheus.Metric) {
	s := c.ffmpeg.Stats()
	ch <- prometheus.MustNewConstMetric(c.made, prometheus.CounterValue, float64(s.Pictures))
	ch <- prometheus.MustNewConstMetric(c.failed, prometheus.CounterValue, float64(s.Failed))
	ch <- prometheus.MustNewConstMetric(c.cpu, prometheus.CounterValue, s.CPU.Seconds())
}
