-- +goose Up
-- How a picture's samples become light, by the code points of ITU-T H.273: players choose by it. 0: not known.
ALTER TABLE renditions ADD COLUMN transfer INTEGER NOT NULL DEFAULT 0;
