-- From this version on every page ends with a sum: src/store/pages.h. The room for it is made when the database is opened.
SELECT 1;
