-- +goose Up
ALTER TABLE channels ADD COLUMN reconnect_window_ms BIGINT; -- NULL: the server's
ALTER TABLE channels ADD COLUMN takeover TEXT NOT NULL DEFAULT 'newest';

ALTER TABLE broadcasts ADD COLUMN interrupted_at BIGINT;
ALTER TABLE broadcasts ADD COLUMN keep_ms BIGINT NOT NULL DEFAULT 0;  -- of the newest media; 0 is all
ALTER TABLE broadcasts ADD COLUMN epoch BIGINT NOT NULL DEFAULT 0;    -- how often it was taken up again by a new process
ALTER TABLE broadcasts ADD COLUMN reserved BIGINT NOT NULL DEFAULT 0; -- segment numbers below it may have been published

ALTER TABLE renditions ADD COLUMN trimmed_discontinuities BIGINT NOT NULL DEFAULT 0; -- of segments that were deleted

CREATE TABLE broadcast_events (
    id           TEXT   NOT NULL PRIMARY KEY,
    broadcast_id TEXT   NOT NULL REFERENCES broadcasts (id) ON DELETE CASCADE,
    at           BIGINT NOT NULL,
    kind         TEXT   NOT NULL,
    text         TEXT   NOT NULL,
    duration_ms  BIGINT NOT NULL
);
CREATE INDEX broadcast_events_broadcast ON broadcast_events (broadcast_id, id);
