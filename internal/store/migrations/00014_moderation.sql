-- +goose Up
ALTER TABLE channels ADD COLUMN taken_down_at BIGINT;   -- NULL: it is up
ALTER TABLE channels ADD COLUMN banned_at BIGINT;       -- since when it may not go on air; NULL: it may
ALTER TABLE broadcasts ADD COLUMN taken_down_at BIGINT;
ALTER TABLE clips ADD COLUMN taken_down_at BIGINT;
CREATE INDEX channels_taken_down ON channels (taken_down_at) WHERE taken_down_at IS NOT NULL;
CREATE INDEX channels_banned ON channels (name) WHERE banned_at IS NOT NULL;
CREATE INDEX broadcasts_taken_down ON broadcasts (taken_down_at) WHERE taken_down_at IS NOT NULL;
CREATE INDEX clips_taken_down ON clips (taken_down_at) WHERE taken_down_at IS NOT NULL;

-- What people say should not be here.
CREATE TABLE reports (
    id         TEXT   NOT NULL PRIMARY KEY,
    kind       TEXT   NOT NULL, -- channel, recording or clip
    target_id  TEXT   NOT NULL,
    channel_id TEXT   NOT NULL REFERENCES channels (id) ON DELETE CASCADE, -- whose it is
    reason     TEXT   NOT NULL, -- copyright, abuse or other
    words      TEXT   NOT NULL,
    user_id    TEXT   REFERENCES users (id) ON DELETE SET NULL, -- who said so; NULL: somebody who was not signed in
    sender     TEXT   NOT NULL, -- tells one sender from another for as long as the process runs; no address
    at         BIGINT NOT NULL,
    state      TEXT   NOT NULL, -- open, dismissed or taken_down
    decided_by TEXT   NOT NULL, -- the name then; empty: nobody yet
    decided_at BIGINT
);
CREATE INDEX reports_open ON reports (id) WHERE state = 'open';
CREATE INDEX reports_target ON reports (target_id) WHERE state = 'open';

-- What was taken down, and by whom.
CREATE TABLE takedowns (
    id         TEXT   NOT NULL PRIMARY KEY,
    kind       TEXT   NOT NULL,
    target_id  TEXT   NOT NULL,
    channel_id TEXT   NOT NULL REFERENCES channels (id) ON DELETE CASCADE,
    reason     TEXT   NOT NULL,
    actor      TEXT   NOT NULL, -- the name then
    at         BIGINT NOT NULL,
    until      BIGINT NOT NULL, -- when it can be undone no longer, and the media may go
    undone_at  BIGINT           -- NULL: it stands
);
CREATE UNIQUE INDEX takedowns_target ON takedowns (target_id) WHERE undone_at IS NULL;
