-- +goose Up
CREATE TABLE users (
    id           TEXT   NOT NULL PRIMARY KEY,
    name         TEXT   NOT NULL UNIQUE, -- folded
    display_name TEXT   NOT NULL,
    email        TEXT   UNIQUE,          -- folded; NULL: none
    password     TEXT   NOT NULL,        -- argon2id, in PHC's form; empty: none
    role         TEXT   NOT NULL,        -- admin, moderator or user
    created_at   BIGINT NOT NULL,
    disabled_at  BIGINT
);
CREATE INDEX users_role ON users (role);

CREATE TABLE sessions (
    id         TEXT   NOT NULL PRIMARY KEY,
    user_id    TEXT   NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    hash       TEXT   NOT NULL UNIQUE, -- SHA-256 of the token in hexadecimal
    method     TEXT   NOT NULL,        -- how the user signed in
    address    TEXT   NOT NULL,        -- where the session was used last
    agent      TEXT   NOT NULL,
    created_at BIGINT NOT NULL,
    seen_at    BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX sessions_user ON sessions (user_id, id);
CREATE INDEX sessions_expiry ON sessions (expires_at);

CREATE TABLE api_tokens (
    id           TEXT   NOT NULL PRIMARY KEY,
    user_id      TEXT   NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    label        TEXT   NOT NULL,
    hash         TEXT   NOT NULL UNIQUE, -- SHA-256 of the token in hexadecimal
    hint         TEXT   NOT NULL,        -- the token's last characters
    scopes       TEXT   NOT NULL,        -- with spaces between
    created_at   BIGINT NOT NULL,
    expires_at   BIGINT,
    last_used_at BIGINT
);
CREATE INDEX api_tokens_user ON api_tokens (user_id, id);

CREATE TABLE passkeys (
    id           TEXT   NOT NULL PRIMARY KEY,
    user_id      TEXT   NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    credential   TEXT   NOT NULL UNIQUE, -- the credential's id, base64url
    label        TEXT   NOT NULL,
    data         TEXT   NOT NULL,        -- JSON: public key, counter, flags
    created_at   BIGINT NOT NULL,
    last_used_at BIGINT
);
CREATE INDEX passkeys_user ON passkeys (user_id, id);

-- Who a user is to another site that vouches for them (OpenID Connect).
CREATE TABLE identities (
    issuer     TEXT   NOT NULL,
    subject    TEXT   NOT NULL,
    user_id    TEXT   NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (issuer, subject)
);
CREATE INDEX identities_user ON identities (user_id);

-- What lets its bearer do one thing once: make the first admin, sign up, set a new password.
CREATE TABLE vouchers (
    id         TEXT   NOT NULL PRIMARY KEY,
    kind       TEXT   NOT NULL, -- setup, invitation or reset
    hash       TEXT   NOT NULL UNIQUE, -- SHA-256 of the text in hexadecimal
    user_id    TEXT   REFERENCES users (id) ON DELETE CASCADE,  -- whose password it sets
    made_by    TEXT   REFERENCES users (id) ON DELETE SET NULL,
    note       TEXT   NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at    BIGINT,
    used_by    TEXT   REFERENCES users (id) ON DELETE SET NULL
);
CREATE INDEX vouchers_kind ON vouchers (kind, id);

CREATE TABLE settings (
    name       TEXT   NOT NULL PRIMARY KEY,
    value      TEXT   NOT NULL, -- JSON
    changed_at BIGINT NOT NULL
);

-- What admins and moderators did. Names are as they were then.
CREATE TABLE audit (
    id      TEXT   NOT NULL PRIMARY KEY,
    at      BIGINT NOT NULL,
    user_id TEXT   NOT NULL, -- empty: the command line
    actor   TEXT   NOT NULL, -- the user's name then
    act     TEXT   NOT NULL, -- such as channel.rename
    target  TEXT   NOT NULL, -- such as channel/alice
    details TEXT   NOT NULL, -- a sentence or nothing
    address TEXT   NOT NULL
);
CREATE INDEX audit_target ON audit (target, id);

ALTER TABLE channels ADD COLUMN description TEXT NOT NULL DEFAULT ''; -- Markdown
ALTER TABLE channels ADD COLUMN category TEXT NOT NULL DEFAULT '';
ALTER TABLE channels ADD COLUMN tags TEXT NOT NULL DEFAULT '[]';      -- JSON, a list of words
ALTER TABLE channels ADD COLUMN language TEXT NOT NULL DEFAULT '';    -- BCP 47
ALTER TABLE channels ADD COLUMN mature INTEGER NOT NULL DEFAULT 0;    -- 0 or 1
ALTER TABLE channels ADD COLUMN schedule TEXT NOT NULL DEFAULT '[]';  -- JSON, a list of times
ALTER TABLE channels ADD COLUMN avatar TEXT NOT NULL DEFAULT '';      -- pictures' keys, empty: none
ALTER TABLE channels ADD COLUMN banner TEXT NOT NULL DEFAULT '';
ALTER TABLE channels ADD COLUMN offline TEXT NOT NULL DEFAULT '';
ALTER TABLE channels ADD COLUMN recorded INTEGER NOT NULL DEFAULT 1;  -- 0 or 1
ALTER TABLE channels ADD COLUMN retention_ms BIGINT;                  -- how old a recording may become; NULL: the server's
ALTER TABLE channels ADD COLUMN visibility TEXT NOT NULL DEFAULT 'public';
ALTER TABLE channels ADD COLUMN password TEXT NOT NULL DEFAULT '';    -- of viewers, argon2id; empty: none
ALTER TABLE channels ADD COLUMN embedding TEXT NOT NULL DEFAULT 'allowed'; -- allowed, refused or sites
ALTER TABLE channels ADD COLUMN embed_sites TEXT NOT NULL DEFAULT '[]'; -- JSON, a list of origins
ALTER TABLE channels ADD COLUMN revision BIGINT NOT NULL DEFAULT 0;   -- counts changes
CREATE INDEX channels_visibility ON channels (visibility, name);

-- Names that a channel had: they lead to it.
CREATE TABLE channel_names (
    name       TEXT   NOT NULL PRIMARY KEY, -- folded
    channel_id TEXT   NOT NULL REFERENCES channels (id) ON DELETE CASCADE,
    until      BIGINT NOT NULL              -- when it was given up
);
CREATE INDEX channel_names_channel ON channel_names (channel_id);

CREATE TABLE channel_members (
    channel_id TEXT   NOT NULL REFERENCES channels (id) ON DELETE CASCADE,
    user_id    TEXT   NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    role       TEXT   NOT NULL, -- owner, editor, moderator or member
    created_at BIGINT NOT NULL,
    PRIMARY KEY (channel_id, user_id)
);
CREATE INDEX channel_members_user ON channel_members (user_id, role);

ALTER TABLE stream_keys ADD COLUMN expires_at BIGINT;
ALTER TABLE stream_keys ADD COLUMN last_used_from TEXT NOT NULL DEFAULT ''; -- an address
ALTER TABLE stream_keys ADD COLUMN last_used_by TEXT NOT NULL DEFAULT '';   -- what the encoder calls itself

ALTER TABLE broadcasts ADD COLUMN title TEXT NOT NULL DEFAULT '';
ALTER TABLE broadcasts ADD COLUMN visibility TEXT NOT NULL DEFAULT ''; -- empty: the channel's
ALTER TABLE broadcasts ADD COLUMN key_id TEXT NOT NULL DEFAULT '';     -- the stream key of its newest encoder; empty: none
