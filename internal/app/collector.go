package app

import (
	"github.com/prometheus/client_golang/prometheus"

	"github.com/rostrumlive/rostrum/internal/broadcast"
	"github.com/rostrumlive/rostrum/internal/httpmedia"
	"github.com/rostrumlive/rostrum/internal/rtmp"
	"github.com/rostrumlive/rostrum/internal/vod"
)

// collector reads the rooms' counts when Prometheus asks.
type collector struct {
	manager *broadcast.Manager
	library *vod.Library
	rtmp    *rtmp.Server
	flv     *httpmedia.FLV
	descs   map[string]*prometheus.Desc
}

func newCollector(m *broadcast.Manager, l *vod.Library, r *rtmp.Server, f *httpmedia.FLV) *collector {
	c := &collector{manager: m, library: l, rtmp: r, flv: f, descs: map[string]*prometheus.Desc{}}
	for name, help := range map[string]string{
		"rostrum_broadcasts_live":               "Broadcasts on air.",
		"rostrum_broadcasts_total":              "Broadcasts begun.",
		"rostrum_media_sent_bytes_total":        "Bytes of what is on air that were sent to viewers and relays.",
		"rostrum_media_units_total":             "Pictures and audio frames taken in.",
		"rostrum_media_bytes_total":             "Bytes of pictures and audio frames taken in.",
		"rostrum_media_dropped_units_total":     "Units dropped before a first key frame.",
		"rostrum_media_repaired_units_total":    "Units whose time ran backwards or leapt.",
		"rostrum_recording_lost_segments_total": "Segments not recorded because storage failed, was full or did not keep up.",
		"rostrum_recording_enabled":             "1 when the disk has room to record, else 0.",
		"rostrum_rtmp_connections":              "RTMP connections that are open.",
		"rostrum_rtmp_connections_total":        "RTMP connections accepted.",
		"rostrum_rtmp_refused_total":            "Publish requests refused, and logins that failed.",
		"rostrum_rtmp_bad_tags_total":           "RTMP media messages that could not be read.",
		"rostrum_rtmp_uncarried_frames_total":   "Frames of further tracks, and of codecs that cannot be carried.",
		"rostrum_rtmp_made_room_total":          "RTMP connections that were not let in and were closed for newer ones.",
		"rostrum_rtmp_panics_total":             "RTMP connections ended by a fault of the server.",
		"rostrum_rtmp_received_bytes_total":     "Bytes received by RTMP.",
		"rostrum_flv_viewers":                   "Viewers of HTTP-FLV that are being answered.",
		"rostrum_flv_skips_total":               "Times that a viewer of HTTP-FLV had fallen behind and went on at a newer key frame.",
		"rostrum_flv_skipped_bytes_total":       "Bytes that viewers of HTTP-FLV missed as they had fallen behind.",
	} {
		c.descs[name] = prometheus.NewDesc(name, help, nil, nil)
	}
	return c
}

// Describe implements prometheus.Collector.
func (c *collector) Describe(ch chan<- *prometheus.Desc) {
	for _, d := range c.descs {
		ch <- d
	}
}

// Collect implements prometheus.Collector.
func (c *collector) Collect(ch chan<- prometheus.Metric) {
	send := func(kind prometheus.ValueType, name string, v float64) {
		ch <- prometheus.MustNewConstMetric(c.descs[name], kind, v)
	}
	count := func(name string, v float64) { send(prometheus.CounterValue, name, v) }
	gauge := func(name string, v float64) { send(prometheus.GaugeValue, name, v) }

	gauge("rostrum_broadcasts_live", float64(len(c.manager.OnAir())))
	t := c.manager.Totals()
	count("rostrum_broadcasts_total", float64(t.Broadcasts))
	count("rostrum_media_units_total", float64(t.Units))
	count("rostrum_media_bytes_total", float64(t.Bytes))
	count("rostrum_media_sent_bytes_total", float64(t.Sent))
	count("rostrum_media_dropped_units_total", float64(t.Dropped))
	count("rostrum_media_repaired_units_total", float64(t.Repaired))

	v := c.library.Stats()
	count("rostrum_recording_lost_segments_total", float64(v.LostSegments))
	enabled := 0.0
	if v.Recording {
		enabled = 1
	}
	gauge("rostrum_recording_enabled", enabled)

	r := c.rtmp.Stats()
	gauge("rostrum_rtmp_connections", float64(r.Open))
	count("rostrum_rtmp_connections_total", float64(r.Accepted))
	count("rostrum_rtmp_refused_total", float64(r.Refused))
	count("rostrum_rtmp_bad_tags_total", float64(r.BadTags))
	count("rostrum_rtmp_uncarried_frames_total", float64(r.Uncarried))
	count("rostrum_rtmp_made_room_total", float64(r.MadeRoom))
	count("rostrum_rtmp_panics_total", float64(r.Panics))
	count("rostrum_rtmp_received_bytes_total", float64(r.Bytes))

	f := c.flv.Stats()
	gauge("rostrum_flv_viewers", float64(f.Viewers))
	count("rostrum_flv_skips_total", float64(f.Skips))
	count("rostrum_flv_skipped_bytes_total", float64(f.SkippedBytes))
}
