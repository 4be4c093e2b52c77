/* SPDX-License-Identifier: Apache-2.0 */
/* embedded: the bytes of build/check.html, the judge's page, which judge_page.c gives out. The assembler finds it in build/. */
	.section .rodata
	.global embedded_check_html
	.global embedded_check_html_end
	.balign 8
embedded_check_html:
	.incbin "check.html"
embedded_check_html_end:
	.byte 0

	.section .note.GNU-stack,"",%progbits
