-- +goose Up
-- Since when an admin vouches that a user is who the name says; NULL: nobody does.
ALTER TABLE users ADD COLUMN verified_at BIGINT;

-- What was said while nothing was on air: of no recording, so that it goes after a time.
CREATE INDEX chat_lines_idle ON chat_lines (id) WHERE broadcast_id = '';
