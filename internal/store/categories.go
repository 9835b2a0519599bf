package store

import "context"

// Category is what channels say that they are about.
type Category struct {
	Name     string
	Channels int // public ones
}

// Categories lists the categories of public channels, those with most channels
// first.
func (r Reader) Categories(ctx context.Context, limit int) ([]Category, error) {
	cs, err := list(ctx, r, func(row scanner) (c Category, err error) {
		err = row.Scan(&c.Name, &c.Channels)
		return c, err
	}, `SELECT category, COUNT(*) FROM channels WHERE visibility = 'public' AND category <> '' AND taken_down_at IS NULL
		GROUP BY category ORDER BY COUNT(*) DESC, category LIMIT $1`, limit)
	return cs, wrap(err, "list categories")
}

// ChannelsOfCategory lists a category's public channels by name, those whose
// name sorts after `after`.
func (r Reader) ChannelsOfCategory(ctx context.Context, category, after string, limit int) ([]Channel, error) {
	cs, err := list(ctx, r, scanChannel, `SELECT `+channelColumns+` FROM channels
		WHERE visibility = 'public' AND taken_down_at IS NULL AND category = $1 AND name > $2 ORDER BY name LIMIT $3`, category, after, limit)
	return cs, wrap(err, "list channels of category")
}
