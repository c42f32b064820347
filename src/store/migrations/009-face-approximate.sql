-- A face whose boundaries cross each other more often than is followed says so (base/overlay.h).
ALTER TABLE face ADD COLUMN approximate INTEGER NOT NULL DEFAULT 0;
