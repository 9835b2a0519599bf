package reader

import (
	"context"
	"fmt"
	"io"
	"net/http"
)

// Fetch gets one body of at most limit bytes with the status that it came
// with. An error says that there was no whole answer.
func Fetch(ctx context.Context, client *http.Client, address string, limit int64) (status int, body []byte, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return 0, nil, fmt.Errorf("get %s: %w", address, err)
	}
	res, err := client.Do(req)
	if err != nil {
		return 0, nil, err // says method and address
	}
	defer func() { _ = res.Body.Close() }()
	body, err = io.ReadAll(io.LimitReader(res.Body, limit+1))
	if err != nil {
		return 0, nil, fmt.Errorf("get %s: %w", address, err)
	}
	if int64(len(body)) > limit {
		return 0, nil, fmt.Errorf("get %s: body is over %d bytes", address, limit)
	}
	return res.StatusCode, body, nil
}
