-- What rows of lists show of a document's record: canonical JSON, src/record/brief.h.
ALTER TABLE document ADD COLUMN brief TEXT NOT NULL DEFAULT '{}';
