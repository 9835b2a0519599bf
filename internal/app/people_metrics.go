package app

import (
	"sync/atomic"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/rostrumlive/rostrum/internal/audience"
	"github.com/rostrumlive/rostrum/internal/chat"
	"github.com/rostrumlive/rostrum/internal/webhook"
)

// peopleCollectors tell of those who watch, those who chat and those who are
// told when Prometheus asks.
func peopleCollectors(a *audience.Service, c *chat.Service, w *webhook.Service) []prometheus.Collector {
	st, told := c.Stats(), w.Stats()
	counter := func(name, help string, n *atomic.Int64) prometheus.Collector {
		return prometheus.NewCounterFunc(prometheus.CounterOpts{Name: name, Help: help}, func() float64 { return float64(n.Load()) })
	}
	return []prometheus.Collector{
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name: "rostrum_viewers", Help: "Who watches what is on air.",
		}, func() float64 { return float64(a.Total()) }),
		counter("rostrum_chat_joins_total", "Connections to chats that were let in.", &st.Joins),
		counter("rostrum_chat_lines_total", "Lines that were said in chats.", &st.Lines),
		counter("rostrum_chat_refused_total", "Lines that were refused: too fast, too long, or not allowed.", &st.Refused),
		counter("rostrum_chat_deliveries_total", "Writes of news to connections of chats.", &st.Deliveries),
		counter("rostrum_chat_slow_total", "Connections to chats that were closed because they did not read.", &st.Slow),
		counter("rostrum_chat_flooded_total", "Connections to chats that were closed because they sent too much.", &st.Flooded),
		counter("rostrum_webhook_delivered_total", "Deliveries that webhooks took.", &told.Delivered),
		counter("rostrum_webhook_failed_total", "Tries to deliver to webhooks that failed.", &told.Failed),
		counter("rostrum_webhooks_disabled_total", "Webhooks that were disabled because they took nothing any more.", &told.Disabled),
	}
}
