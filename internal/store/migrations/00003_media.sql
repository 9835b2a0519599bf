-- +goose Up
CREATE TABLE renditions (
    broadcast_id   TEXT   NOT NULL REFERENCES broadcasts (id) ON DELETE CASCADE,
    name           TEXT   NOT NULL, -- such as video/source
    kind           TEXT   NOT NULL, -- video or audio
    codecs         TEXT   NOT NULL, -- RFC 6381
    timescale      BIGINT NOT NULL,
    width          BIGINT NOT NULL,
    height         BIGINT NOT NULL,
    frame_rate_num BIGINT NOT NULL,
    frame_rate_den BIGINT NOT NULL,
    sample_rate    BIGINT NOT NULL,
    channels       BIGINT NOT NULL,
    PRIMARY KEY (broadcast_id, name)
);

CREATE TABLE inits (
    broadcast_id TEXT   NOT NULL REFERENCES broadcasts (id) ON DELETE CASCADE,
    rendition    TEXT   NOT NULL,
    number       BIGINT NOT NULL,
    blob_key     TEXT   NOT NULL,
    codecs       TEXT   NOT NULL,
    timescale    BIGINT NOT NULL,
    bytes        BIGINT NOT NULL,
    PRIMARY KEY (broadcast_id, rendition, number)
);

CREATE TABLE segments (
    broadcast_id  TEXT    NOT NULL REFERENCES broadcasts (id) ON DELETE CASCADE,
    rendition     TEXT    NOT NULL,
    number        BIGINT  NOT NULL,
    init          BIGINT  NOT NULL,
    start         BIGINT  NOT NULL, -- ticks since the broadcast's epoch
    duration      BIGINT  NOT NULL, -- ticks
    timescale     BIGINT  NOT NULL CHECK (timescale > 0),
    bytes         BIGINT  NOT NULL,
    pdt_ms        BIGINT,
    discontinuity INTEGER NOT NULL, -- 0 or 1, as the next two
    gap           INTEGER NOT NULL,
    independent   INTEGER NOT NULL,
    PRIMARY KEY (broadcast_id, rendition, number)
);
