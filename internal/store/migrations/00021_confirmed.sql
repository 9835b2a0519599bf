-- +goose Up
-- When the owner of the e-mail address proved to be this user; NULL: nobody has. So are all addresses from before.
ALTER TABLE users ADD COLUMN email_confirmed_at BIGINT;

CREATE INDEX vouchers_user ON vouchers (user_id, kind, id);
