/* Lines of simple tables: fields between commas, none of which holds a comma itself. */
#pragma once

/* Cuts a line into its fields in place, without the line's end; the number of those found, at most `most`. They live as long as the line. */
int fields_cut(char *line, char **fields, int most);
