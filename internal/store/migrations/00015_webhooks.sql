-- +goose Up
-- Addresses that are told of what happens.
CREATE TABLE webhooks (
    id            TEXT    NOT NULL PRIMARY KEY,
    channel_id    TEXT    REFERENCES channels (id) ON DELETE CASCADE, -- NULL: of all channels, the site's
    url           TEXT    NOT NULL,
    secret        TEXT    NOT NULL, -- as its owner has it: what is sent is signed with it
    former_secret TEXT    NOT NULL, -- that before it, which signs beside it for a while; empty: none
    former_until  BIGINT,
    kinds         TEXT    NOT NULL, -- JSON list of the kinds of events that it is told of
    enabled       INTEGER NOT NULL,
    disabled_for  TEXT    NOT NULL, -- why the server disabled it: gone or failing; empty: its owner did, or it is enabled
    created_at    BIGINT  NOT NULL,
    next_sequence BIGINT  NOT NULL,
    failing_since BIGINT,           -- NULL: the last delivery arrived, or there was none
    delivered_at  BIGINT,           -- the last that arrived; NULL: none
    leased_by     TEXT    NOT NULL, -- who delivers to it; empty: nobody
    leased_until  BIGINT            -- until when that counts
);
CREATE INDEX webhooks_channel ON webhooks (channel_id, id);

-- What is to be told, and was: a row for each event and address.
CREATE TABLE webhook_deliveries (
    webhook_id TEXT   NOT NULL REFERENCES webhooks (id) ON DELETE CASCADE,
    sequence   BIGINT NOT NULL,
    event_id   TEXT   NOT NULL,
    kind       TEXT   NOT NULL,
    at         BIGINT NOT NULL, -- when it happened
    data       TEXT   NOT NULL, -- JSON
    state      TEXT   NOT NULL, -- waiting, delivered or failed
    tries      BIGINT NOT NULL, -- since it was to be delivered, or was again
    next_at    BIGINT NOT NULL, -- of the next try, while it is waiting
    attempts   TEXT   NOT NULL, -- JSON list of the newest
    PRIMARY KEY (webhook_id, sequence)
);
CREATE INDEX webhook_deliveries_due ON webhook_deliveries (next_at) WHERE state = 'waiting';
CREATE INDEX webhook_deliveries_at ON webhook_deliveries (at);

-- The networks that a stream key was used from, to the day. The network itself
-- is nowhere: what stands here is a hash under a key of the site.
CREATE TABLE key_networks (
    key_id  TEXT   NOT NULL REFERENCES stream_keys (id) ON DELETE CASCADE,
    network TEXT   NOT NULL,
    used_on BIGINT NOT NULL,
    PRIMARY KEY (key_id, network)
);
