-- +goose Up
-- Who wants to hear when a channel goes on air, and by which ways: 1 by this
-- one, 0 not, NULL as its user does of all channels.
CREATE TABLE followers (
    channel_id TEXT   NOT NULL REFERENCES channels (id) ON DELETE CASCADE,
    user_id    TEXT   NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    since      BIGINT NOT NULL,
    page       INTEGER,
    push       INTEGER,
    mail       INTEGER,
    PRIMARY KEY (channel_id, user_id)
);
CREATE INDEX followers_since ON followers (channel_id, since, user_id);
CREATE INDEX followers_user ON followers (user_id, channel_id);

-- How many of them may sign in.
ALTER TABLE channels ADD COLUMN followers BIGINT NOT NULL DEFAULT 0;

-- Who may neither follow a channel nor speak there.
CREATE TABLE channel_blocks (
    channel_id TEXT   NOT NULL REFERENCES channels (id) ON DELETE CASCADE,
    user_id    TEXT   NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (channel_id, user_id)
);

-- What holds where a follower says nothing of a channel.
CREATE TABLE notify_settings (
    user_id  TEXT    NOT NULL PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    page     INTEGER NOT NULL,
    push     INTEGER NOT NULL,
    mail     INTEGER NOT NULL,
    language TEXT    NOT NULL -- of what is written to the user; empty: not known
);

-- Browsers that take messages by Web Push (RFC 8030). One ends with the sign-in
-- in which it was made.
CREATE TABLE push_subscriptions (
    id         TEXT   NOT NULL PRIMARY KEY,
    user_id    TEXT   NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    session_id TEXT   NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    endpoint   TEXT   NOT NULL UNIQUE,
    p256dh     TEXT   NOT NULL, -- the browser's public key
    auth       TEXT   NOT NULL, -- its secret
    language   TEXT   NOT NULL, -- of the pages there
    origin     TEXT   NOT NULL, -- of the site, as the browser knows it
    created_at BIGINT NOT NULL
);
CREATE INDEX push_subscriptions_user ON push_subscriptions (user_id, id);
CREATE INDEX push_subscriptions_session ON push_subscriptions (session_id);

-- Broadcasts of which followers are to be told, or were.
CREATE TABLE announcements (
    broadcast_id TEXT   NOT NULL PRIMARY KEY REFERENCES broadcasts (id) ON DELETE CASCADE,
    channel_id   TEXT   NOT NULL REFERENCES channels (id) ON DELETE CASCADE,
    at           BIGINT NOT NULL, -- when it started
    reached      TEXT   NOT NULL, -- the follower up to whom all are in line
    done_at      BIGINT,          -- NULL: not all are
    leased_by    TEXT   NOT NULL,
    leased_until BIGINT
);
CREATE INDEX announcements_waiting ON announcements (at) WHERE done_at IS NULL;
CREATE INDEX announcements_channel ON announcements (channel_id, at);

-- What is to be sent: a row for each follower and way, until it is sent or given up.
CREATE TABLE notices (
    broadcast_id TEXT    NOT NULL REFERENCES broadcasts (id) ON DELETE CASCADE,
    user_id      TEXT    NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    way          TEXT    NOT NULL, -- mail, or the id of a push subscription
    kind         TEXT    NOT NULL, -- mail or push
    tries        BIGINT  NOT NULL,
    next_at      BIGINT  NOT NULL, -- of the next try
    until        BIGINT  NOT NULL, -- after which it is of no use
    PRIMARY KEY (broadcast_id, user_id, way)
);
CREATE INDEX notices_due ON notices (kind, next_at);
CREATE INDEX notices_user ON notices (user_id);

-- In whose form a webhook is told: standard (ours), discord or matrix.
ALTER TABLE webhooks ADD COLUMN format TEXT NOT NULL DEFAULT 'standard';
