-- +goose Up
CREATE TABLE clips (
    id            TEXT    NOT NULL PRIMARY KEY,
    broadcast_id  TEXT    NOT NULL REFERENCES broadcasts (id) ON DELETE CASCADE,
    channel_id    TEXT    NOT NULL REFERENCES channels (id) ON DELETE CASCADE,
    user_id       TEXT    REFERENCES users (id) ON DELETE SET NULL, -- who made it; NULL: the command line
    title         TEXT    NOT NULL,
    start_ms      BIGINT  NOT NULL, -- of the broadcast's media time: what is shown begins here
    end_ms        BIGINT  NOT NULL, -- and ends here
    first_segment BIGINT  NOT NULL, -- numbers of the segments that it refers to, in all renditions
    last_segment  BIGINT  NOT NULL,
    lead_us       BIGINT  NOT NULL, -- from the beginning of the first of them to what is shown first
    created_at    BIGINT  NOT NULL,
    removed_at    BIGINT,           -- NULL: it lives
    swept         INTEGER NOT NULL DEFAULT 0 -- 0 or 1, of one that was removed: nothing is kept for it any more
);
CREATE INDEX clips_channel ON clips (channel_id, id) WHERE removed_at IS NULL;
CREATE INDEX clips_broadcast ON clips (broadcast_id, id) WHERE removed_at IS NULL;
CREATE INDEX clips_removed ON clips (id) WHERE removed_at IS NOT NULL AND swept = 0;

-- What is left of recordings, whole or in part, because clips refer to it: rows of segments and renditions that were moved here.
CREATE TABLE kept_segments (
    broadcast_id  TEXT    NOT NULL REFERENCES broadcasts (id) ON DELETE CASCADE,
    rendition     TEXT    NOT NULL,
    number        BIGINT  NOT NULL,
    init          BIGINT  NOT NULL,
    start         BIGINT  NOT NULL,
    duration      BIGINT  NOT NULL,
    timescale     BIGINT  NOT NULL CHECK (timescale > 0),
    bytes         BIGINT  NOT NULL,
    pdt_ms        BIGINT,
    discontinuity INTEGER NOT NULL,
    seam          INTEGER NOT NULL,
    gap           INTEGER NOT NULL,
    independent   INTEGER NOT NULL,
    PRIMARY KEY (broadcast_id, rendition, number)
);
CREATE TABLE kept_renditions (
    broadcast_id   TEXT    NOT NULL REFERENCES broadcasts (id) ON DELETE CASCADE,
    name           TEXT    NOT NULL,
    kind           TEXT    NOT NULL,
    codecs         TEXT    NOT NULL,
    timescale      BIGINT  NOT NULL,
    width          BIGINT  NOT NULL,
    height         BIGINT  NOT NULL,
    frame_rate_num BIGINT  NOT NULL,
    frame_rate_den BIGINT  NOT NULL,
    transfer       INTEGER NOT NULL,
    sample_rate    BIGINT  NOT NULL,
    channels       BIGINT  NOT NULL,
    PRIMARY KEY (broadcast_id, name)
);

ALTER TABLE channels ADD COLUMN clips TEXT NOT NULL DEFAULT 'signed_in'; -- of viewers, who may make them: nobody or signed_in
ALTER TABLE channels ADD COLUMN retention_bytes BIGINT;                  -- how much its recordings may take; NULL: no limit of its own

ALTER TABLE broadcast_events ADD COLUMN media_ms BIGINT NOT NULL DEFAULT 0; -- where in the media, of kinds that lie there
