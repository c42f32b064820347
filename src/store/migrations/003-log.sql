-- The log: every public revision is an entry, numbered from 0 in the order of publication. Only ever added to.
CREATE TABLE log_entry (
	number INTEGER PRIMARY KEY,
	seq INTEGER NOT NULL UNIQUE REFERENCES revision (seq)
) STRICT;
INSERT INTO log_entry (number, seq) SELECT row_number() OVER (ORDER BY seq) - 1, seq FROM revision WHERE state >= 3;
CREATE TRIGGER log_entry_is_not_changed BEFORE UPDATE ON log_entry BEGIN SELECT raise(ABORT, 'the log only grows'); END;
CREATE TRIGGER log_entry_is_not_deleted BEFORE DELETE ON log_entry BEGIN SELECT raise(ABORT, 'the log only grows'); END;

-- Tiles of its Merkle tree: 256 hashes, fewer at the edge, where they grow. place = level * 2^48 + number of the tile.
CREATE TABLE log_tile (place INTEGER PRIMARY KEY, hashes BLOB NOT NULL) STRICT;

-- Checkpoints as they were signed, with the lines of witnesses.
CREATE TABLE log_checkpoint (size INTEGER PRIMARY KEY, note TEXT NOT NULL) STRICT;
CREATE TRIGGER log_checkpoint_is_not_deleted BEFORE DELETE ON log_checkpoint BEGIN SELECT raise(ABORT, 'what was signed stays'); END;
