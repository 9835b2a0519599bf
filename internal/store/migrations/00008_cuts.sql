-- +goose Up
-- Of the segments that begin with a discontinuity, which are few: a list that begins late counts those before it.
CREATE INDEX segments_cuts ON segments (broadcast_id, rendition, number) WHERE discontinuity = 1;
