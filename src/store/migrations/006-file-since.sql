-- When a file was kept (seconds since 1970; 0: with what came from elsewhere), so that a data pack of a past day holds what there was then.
ALTER TABLE file ADD COLUMN since INTEGER NOT NULL DEFAULT 0;
