-- +goose Up
CREATE TABLE channels (
    id         TEXT   NOT NULL PRIMARY KEY,
    name       TEXT   NOT NULL UNIQUE, -- folded
    title      TEXT   NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE stream_keys (
    id           TEXT   NOT NULL PRIMARY KEY,
    channel_id   TEXT   NOT NULL REFERENCES channels (id) ON DELETE CASCADE,
    label        TEXT   NOT NULL,
    hash         TEXT   NOT NULL UNIQUE, -- SHA-256 of the key in hexadecimal
    hint         TEXT   NOT NULL,        -- the key's last characters
    created_at   BIGINT NOT NULL,
    last_used_at BIGINT,
    revoked_at   BIGINT
);
CREATE INDEX stream_keys_channel ON stream_keys (channel_id, id);
