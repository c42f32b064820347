/* How large a record can be. Everything from outside is held to these; the JSON Schema says the same. Lengths are Unicode code points. */
#pragma once

#define LIMIT_LINE 500             /* a line of text */
#define LIMIT_TEXT 20000           /* paragraphs of text */
#define LIMIT_URL 2000             /* an address */
#define LIMIT_LIST 10000           /* entries of a repeated field */
#define LIMIT_SOURCES 999          /* the highest number of a source */
#define LIMIT_POSITIONS 100000     /* positions of a geometry */
#define LIMIT_RECORD (8 << 20)     /* bytes of a body's canonical form */
#define LIMIT_NUMBER 9007199254740991.0 /* 2^53 - 1: beyond it a double no longer tells whole numbers apart */
#define LIMIT_YEAR_FIRST 1000
#define LIMIT_YEAR_LAST 2200
