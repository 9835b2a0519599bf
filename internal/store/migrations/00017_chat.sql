-- +goose Up
-- What was said in the chat of a channel. Who said it stays when the person is gone.
CREATE TABLE chat_lines (
    id           TEXT   NOT NULL PRIMARY KEY, -- tells when
    channel_id   TEXT   NOT NULL REFERENCES channels (id) ON DELETE CASCADE,
    user_id      TEXT   NOT NULL,
    broadcast_id TEXT   NOT NULL, -- that was on air; empty: none was
    media_ms     BIGINT NOT NULL, -- on its media time
    line         TEXT   NOT NULL, -- JSON, as everybody got it
    deleted_at   BIGINT,
    deleted_by   TEXT   NOT NULL  -- the name then
);
CREATE INDEX chat_lines_channel ON chat_lines (channel_id, id);
CREATE INDEX chat_lines_user ON chat_lines (channel_id, user_id, id);
CREATE INDEX chat_lines_broadcast ON chat_lines (broadcast_id, media_ms, id) WHERE broadcast_id <> '';
CREATE INDEX chat_lines_deleted ON chat_lines (channel_id, deleted_at) WHERE deleted_at IS NOT NULL;

-- What waits until a moderator has looked at it.
CREATE TABLE chat_held (
    id         TEXT   NOT NULL PRIMARY KEY,
    channel_id TEXT   NOT NULL REFERENCES channels (id) ON DELETE CASCADE,
    user_id    TEXT   NOT NULL,
    line       TEXT   NOT NULL, -- JSON
    why        TEXT   NOT NULL
);
CREATE INDEX chat_held_channel ON chat_held (channel_id, id);

-- How a channel's chat is.
CREATE TABLE chat_rooms (
    channel_id TEXT NOT NULL PRIMARY KEY REFERENCES channels (id) ON DELETE CASCADE,
    settings   TEXT NOT NULL, -- JSON
    filters    TEXT NOT NULL, -- JSON list
    pin        TEXT NOT NULL  -- JSON of a line; empty: none
);

-- Who may not speak in a chat.
CREATE TABLE chat_restrictions (
    channel_id  TEXT   NOT NULL REFERENCES channels (id) ON DELETE CASCADE,
    user_id     TEXT   NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    until       BIGINT,          -- NULL: for good
    reason      TEXT   NOT NULL,
    actor       TEXT   NOT NULL, -- the name then
    at          BIGINT NOT NULL,
    appeal      TEXT   NOT NULL, -- what the person says to it; empty: nothing yet
    appealed_at BIGINT,
    PRIMARY KEY (channel_id, user_id)
);
CREATE INDEX chat_restrictions_user ON chat_restrictions (user_id, channel_id);

-- What moderators of a chat did.
CREATE TABLE chat_log (
    id         TEXT   NOT NULL PRIMARY KEY,
    channel_id TEXT   NOT NULL REFERENCES channels (id) ON DELETE CASCADE,
    at         BIGINT NOT NULL,
    user_id    TEXT   NOT NULL, -- empty: the command line
    actor      TEXT   NOT NULL, -- the name then
    act        TEXT   NOT NULL,
    target_id  TEXT   NOT NULL, -- the user that it was about; empty: none
    target     TEXT   NOT NULL, -- the name then
    details    TEXT   NOT NULL
);
CREATE INDEX chat_log_channel ON chat_log (channel_id, id);
CREATE INDEX chat_log_target ON chat_log (channel_id, target_id, id) WHERE target_id <> '';

CREATE TABLE chat_polls (
    id         TEXT   NOT NULL PRIMARY KEY,
    channel_id TEXT   NOT NULL REFERENCES channels (id) ON DELETE CASCADE,
    question   TEXT   NOT NULL,
    choices    TEXT   NOT NULL, -- JSON list
    ends_at    BIGINT NOT NULL,
    ended_at   BIGINT           -- NULL: it goes on until ends_at
);
CREATE INDEX chat_polls_channel ON chat_polls (channel_id, id);

CREATE TABLE chat_votes (
    poll_id TEXT   NOT NULL REFERENCES chat_polls (id) ON DELETE CASCADE,
    user_id TEXT   NOT NULL,
    choice  BIGINT NOT NULL,
    PRIMARY KEY (poll_id, user_id)
);

-- Small pictures in lines.
CREATE TABLE emotes (
    id         TEXT    NOT NULL PRIMARY KEY,
    channel_id TEXT    REFERENCES channels (id) ON DELETE CASCADE, -- NULL: the site's
    code       TEXT    NOT NULL,
    picture    TEXT    NOT NULL, -- names the object
    animated   INTEGER NOT NULL,
    user_id    TEXT    NOT NULL, -- who put it there
    created_at BIGINT  NOT NULL
);
CREATE UNIQUE INDEX emotes_channel ON emotes (channel_id, code) WHERE channel_id IS NOT NULL;
CREATE UNIQUE INDEX emotes_site ON emotes (code) WHERE channel_id IS NULL;

-- How a person's name is shown.
CREATE TABLE chat_people (
    user_id TEXT NOT NULL PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    color   TEXT NOT NULL -- #rrggbb; empty: the page chooses
);
