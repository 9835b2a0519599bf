-- +goose Up
-- Pictures of recordings: a row says what was made, also that nothing could be.
CREATE TABLE stills (
    broadcast_id TEXT    NOT NULL PRIMARY KEY REFERENCES broadcasts (id) ON DELETE CASCADE,
    made_at      BIGINT  NOT NULL,
    cover        INTEGER NOT NULL, -- 0 or 1
    tiles        BIGINT  NOT NULL, -- of the storyboard
    sheets       BIGINT  NOT NULL, -- pictures that they lie on
    bytes        BIGINT  NOT NULL, -- of all that was made
    failed       TEXT    NOT NULL  -- why there is nothing; empty: there is something
);
