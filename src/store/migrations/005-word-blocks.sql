-- Which documents of a block have a word, and how often: src/store/block.h. A projection of text, like those of 001.
CREATE TABLE word_block (word TEXT NOT NULL, block INTEGER NOT NULL, bytes BLOB NOT NULL, PRIMARY KEY (word, block)) STRICT, WITHOUT ROWID;
