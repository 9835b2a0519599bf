-- +goose Up
-- What checks a login with user name and password (docs/decisions/003-authmod.md).
-- NULL: the key is older than such logins, and its text is nowhere to make one of.
ALTER TABLE stream_keys ADD COLUMN auth_verifier TEXT;
