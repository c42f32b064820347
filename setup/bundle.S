/* A file as bytes NAME .. NAME_end of the program, without a compiler having to read them. */
#define JOIN2(a, b) a##b
#define JOIN(a, b) JOIN2(a, b)
	.section .rodata
	.global NAME
	.global JOIN(NAME, _end)
	.balign 16
NAME:
	.incbin FILE
JOIN(NAME, _end):
	.byte 0
	.section .note.GNU-stack,"",%progbits
