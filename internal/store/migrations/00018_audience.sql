-- +goose Up
-- How many watched a broadcast.
CREATE TABLE audiences (
    broadcast_id TEXT   NOT NULL PRIMARY KEY REFERENCES broadcasts (id) ON DELETE CASCADE,
    viewings     BIGINT NOT NULL, -- that began
    peak         BIGINT NOT NULL, -- at once
    watch_ms     BIGINT NOT NULL, -- of all viewings together
    quality      TEXT   NOT NULL  -- JSON: what players told of how it played, summed up
);

-- The same by the minute, where somebody watched.
CREATE TABLE audience_minutes (
    broadcast_id TEXT   NOT NULL REFERENCES broadcasts (id) ON DELETE CASCADE,
    at           BIGINT NOT NULL, -- when the minute began
    peak         BIGINT NOT NULL,
    watch_ms     BIGINT NOT NULL,
    PRIMARY KEY (broadcast_id, at)
);
