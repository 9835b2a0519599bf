package web

import (
	"context"
	"net/http"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"github.com/rostrumlive/rostrum/internal/account"
	"github.com/rostrumlive/rostrum/internal/store"
)

// findRoutes mount how channels and recordings are found.
func (s *Server) findRoutes(api huma.API) {
	get(api, "/api/v1/search", "search", "Finds public channels and recordings that have all words of a text, or words that begin so.", s.search)
	get(api, "/api/v1/categories", "categories", "Lists what public channels are about, the categories with most channels first.", s.categories)
	get(api, "/api/v1/categories/{category}/channels", "category-channels", "Lists the public channels of a category by name.", s.categoryChannels)
}

// searchedChannels is how many channels a search shows: more words find fewer.
const searchedChannels = 12

type searchInput struct {
	Q string `query:"q" required:"true" minLength:"1" maxLength:"200" doc:"Words. Case and accents do not count."`
	Paging
}

// Search is what was found.
type Search struct {
	Channels   []Channel       `json:"channels" nullable:"false" doc:"By how well the name fits, 12 at most. The pages that come by a cursor have none."`
	Recordings page[Broadcast] `json:"recordings" doc:"By their titles, newest first."`
}

func (s *Server) search(ctx context.Context, in *searchInput) (*answer[Search], error) {
	found := Search{Channels: []Channel{}, Recordings: page[Broadcast]{Items: []Broadcast{}}}
	var before int64
	if in.Cursor != "" {
		var err error
		if before, err = strconv.ParseInt(in.Cursor, 36, 64); err != nil || before <= 0 {
			return nil, newProblem(http.StatusUnprocessableEntity, "This cursor is of another list.")
		}
	} else {
		channels, err := s.opts.DB.SearchChannels(ctx, in.Q, searchedChannels)
		if err != nil {
			return nil, s.problem(err)
		}
		if found.Channels, err = s.publicChannels(ctx, channels); err != nil {
			return nil, err
		}
	}
	rows, err := s.opts.DB.SearchRecordings(ctx, in.Q, before, in.Limit+1)
	if err != nil {
		return nil, s.problem(err)
	}
	if len(rows) > in.Limit {
		rows = rows[:in.Limit]
		next := strconv.FormatInt(rows[in.Limit-1].Number, 36)
		found.Recordings.Next = &next
	}
	for _, row := range rows {
		found.Recordings.Items = append(found.Recordings.Items, broadcastOf(row.Broadcast, account.Public))
	}
	return reply(found), nil
}

// publicChannels tells of channels, with what they have on air that is public.
func (s *Server) publicChannels(ctx context.Context, rows []store.Channel) ([]Channel, error) {
	list := []Channel{}
	for _, row := range rows {
		b, v, err := s.onAirOf(ctx, row)
		if err != nil {
			return nil, err
		}
		list = append(list, s.channelOf(row, b, v))
	}
	return list, nil
}

// Category is what channels say that they are about.
type Category struct {
	Name     string `json:"name"`
	Channels int    `json:"channels" doc:"Public ones."`
	Live     int    `json:"live" doc:"Of those, how many are on air."`
}

// Categories are those of public channels.
type Categories struct {
	Items []Category `json:"items" nullable:"false"`
}

// mostCategories bounds the list: owners write what they like.
const mostCategories = 100

func (s *Server) categories(ctx context.Context, _ *struct{}) (*answer[Categories], error) {
	rows, err := s.opts.DB.Categories(ctx, mostCategories)
	if err != nil {
		return nil, s.problem(err)
	}
	live, err := s.listLive(ctx, nil)
	if err != nil {
		return nil, err
	}
	onAir := map[string]int{}
	for _, c := range live.Body.Items {
		onAir[c.Category]++
	}
	list := Categories{Items: []Category{}}
	for _, c := range rows {
		list.Items = append(list.Items, Category{Name: c.Name, Channels: c.Channels, Live: onAir[c.Name]})
	}
	return reply(list), nil
}

type categoryInput struct {
	Category string `path:"category" maxLength:"200"`
	Paging
}

func (s *Server) categoryChannels(ctx context.Context, in *categoryInput) (*answer[page[Channel]], error) {
	rows, err := s.opts.DB.ChannelsOfCategory(ctx, in.Category, in.Cursor, in.Limit+1)
	if err != nil {
		return nil, s.problem(err)
	}
	list := page[Channel]{}
	if len(rows) > in.Limit {
		rows = rows[:in.Limit]
		list.Next = &rows[in.Limit-1].Name
	}
	list.Items, err = s.publicChannels(ctx, rows)
	return reply(list), err
}
