/* SPDX-License-Identifier: Apache-2.0 */
/* embedded: the bytes of the files that embedded.c lists. The assembler finds them in printer/ and in the build folder. */
	.macro embed symbol, path
	.global embedded_\symbol
	.global embedded_\symbol\()_end
	.balign 8
embedded_\symbol:
	.incbin "\path"
embedded_\symbol\()_end:
	.byte 0
	.endm

	.section .rodata
	embed km_mo, "po/km.mo"
	embed stocks_ini, "stocks.ini"
	embed vi_mo, "po/vi.mo"

	.section .note.GNU-stack,"",%progbits
