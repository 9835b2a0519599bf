-- +goose Up
-- From which segment number on a broadcast's media is not of its recording, while recording is stopped; NULL: it is recorded.
ALTER TABLE broadcasts ADD COLUMN stopped_from BIGINT;

-- 0: of the recording. 1: it passes, and leaves with the live playlists: then it becomes a gap. 2: likewise, and its media is known to be gone.
ALTER TABLE segments ADD COLUMN passing INTEGER NOT NULL DEFAULT 0;
CREATE INDEX segments_passing ON segments (broadcast_id, rendition, number) WHERE passing > 0;
CREATE INDEX segments_unsettled ON segments (broadcast_id) WHERE passing = 1;
