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
	embed cambodia, "templates/cambodia.ini"
	embed general, "templates/general.ini"
	embed india_bsa_63, "templates/india-bsa-63.ini"
	embed us_fre_902, "templates/us-fre-902.ini"
	embed vietnam, "templates/vietnam.ini"
	embed vi_mo, "po/vi.mo"

	.section .note.GNU-stack,"",%progbits
