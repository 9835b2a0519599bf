-- +goose Up
-- 0 or 1, of a discontinuity: only the encoder and the wall clock change there.
ALTER TABLE segments ADD COLUMN seam INTEGER NOT NULL DEFAULT 0;
ALTER TABLE renditions ADD COLUMN trimmed_seams BIGINT NOT NULL DEFAULT 0; -- of segments that were deleted
