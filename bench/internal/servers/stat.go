package servers

import (
	"context"
	"encoding/xml"
	"fmt"
	"net/http"

	"github.com/rostrumlive/rostrum/bench/internal/reader"
)

// Received asks an nginx with RTMP how many bytes of media its encoders sent
// in all, by channel: the only thing it tells of a stream that nobody reads.
func (s *Server) Received(ctx context.Context, client *http.Client) (map[string]int64, error) {
	b, err := reader.Get(ctx, client, "http://"+s.HTTP+"/stat", 16<<20)
	if err != nil {
		return nil, err
	}
	var stat struct {
		Streams []struct {
			Name  string `xml:"name"`
			Bytes int64  `xml:"bytes_in"`
		} `xml:"server>application>live>stream"`
	}
	if err := xml.Unmarshal(b, &stat); err != nil {
		return nil, fmt.Errorf("read nginx's statistics: %w", err)
	}
	received := make(map[string]int64, len(stat.Streams))
	for _, st := range stat.Streams {
		received[st.Name] = st.Bytes
	}
	return received, nil
}
