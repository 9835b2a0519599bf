-- +goose Up
CREATE TABLE broadcasts (
    id          TEXT    NOT NULL PRIMARY KEY,
    channel_id  TEXT    NOT NULL REFERENCES channels (id) ON DELETE CASCADE,
    state       TEXT    NOT NULL,
    created_at  BIGINT  NOT NULL,
    started_at  BIGINT,
    ended_at    BIGINT,
    end_reason  TEXT    NOT NULL,
    protocol    TEXT    NOT NULL,
    encoder     TEXT    NOT NULL,
    remote      TEXT    NOT NULL,
    recorded    INTEGER NOT NULL, -- 0 or 1
    duration_ms BIGINT  NOT NULL,
    bytes       BIGINT  NOT NULL
);
CREATE INDEX broadcasts_channel ON broadcasts (channel_id, id);
CREATE INDEX broadcasts_state ON broadcasts (state, id);
