#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# The rules of the layers, checked on the sources and on what was built:
#   includes   verify: verify; ledger: verify, ledger; printer: verify, printer; custody: all
#   verifier   allowed system headers only; its library asks for no clock, environment, socket,
#              process, store or file; its program needs libcrypto, libsodium, libcbor and libc
#   printing   the libraries of verify, ledger and printer never print
#   printer    asks for no clock, environment or process: the same input gives the same paper
#   style      banned calls; no function above 80 lines, no file above 400
#   page       the judge's page: tests/layers_page.mjs
#
#   BUILD=build sh tests/layers.sh       checks the tree
#   sh tests/layers.sh --self-test       plants one violation after another and wants each noticed
#
# Findings go to stdout, one a line; the exit code is 1 when there is any.

HERE=$(cd "$(dirname "$0")/.." && pwd) || exit 1
ROOT=${ROOT:-$HERE}
BUILD=${BUILD:-build}
FUNCTION_LINES_MAX=80
FILE_LINES_MAX=400

# The C source with comments, strings and character constants blanked; lines stay where they are.
plain() {
    awk '
    {
        out = ""
        n = length($0)
        for (i = 1; i <= n; i++) {
            c = substr($0, i, 1)
            two = substr($0, i, 2)
            if (state == "comment") {
                if (two == "*/") { state = ""; i++ }
            } else if (state != "") {
                if (c == "\\") i++
                else if (c == state) { state = ""; out = out c }
            } else if (two == "/*") { state = "comment"; i++
            } else if (two == "//") { break
            } else if (c == "\"" || c == "\047") { state = c; out = out c
            } else out = out c
        }
        if (state != "comment") state = ""
        print out
    }' "$1"
}

sources() {
    for layer in "$@"; do
        ls "$layer"/*.c "$layer"/*.h 2>/dev/null
    done
}

# ---- includes -------------------------------------------------------------------------------

own_allowed() {
    case $1 in
    verify) echo 'verify' ;;
    ledger) echo 'verify ledger' ;;
    printer) echo 'verify printer' ;;
    custody) echo 'verify ledger printer custody' ;;
    esac
}

SYSTEM_VERIFY='assert.h errno.h inttypes.h limits.h stdarg.h stdbool.h stddef.h stdint.h stdio.h stdlib.h string.h
    stdalign.h stdnoreturn.h pthread.h sodium.h cbor.h'
SYSTEM_VERIFY_MAIN='unistd.h getopt.h fcntl.h sys/stat.h sys/types.h'

check_own_includes() {
    for layer in verify ledger printer custody; do
        allowed=$(own_allowed $layer)
        for file in $(sources $layer); do
            sed -n 's/^[[:space:]]*#[[:space:]]*include[[:space:]]*"\([^"]*\)".*/\1/p' "$file" |
                while read -r header; do
                    case " $allowed " in
                    *" ${header%%/*} "*) ;;
                    *) echo "$file: includes \"$header\", but $layer may include only: $allowed" ;;
                    esac
                    case $header in
                    */../* | ../*) echo "$file: includes \"$header\" by way of .." ;;
                    esac
                done
        done
    done
}

check_system_includes() {
    for file in $(sources verify); do
        allowed=$(echo $SYSTEM_VERIFY)
        [ "$file" = verify/main.c ] && allowed="$allowed $SYSTEM_VERIFY_MAIN"
        sed -n 's/^[[:space:]]*#[[:space:]]*include[[:space:]]*<\([^>]*\)>.*/\1/p' "$file" |
            while read -r header; do
                case $header in
                openssl/*.h | sodium/*.h | cbor/*.h) continue ;;
                esac
                case " $allowed " in
                *" $header "*) ;;
                *) echo "$file: includes <$header>, which is not on the verifier's list" ;;
                esac
            done
    done
}

# ---- what was built -------------------------------------------------------------------------

# With glibc's suffixes: __open_2, __read_chk, fopen64, __isoc99_sscanf.
FORBIDDEN_VERIFY='time|clock|clock_gettime|gettimeofday|times|getenv|secure_getenv|setenv|putenv|environ
    socket|connect|bind|listen|accept|getaddrinfo|gethostbyname|send|sendto|recv|recvfrom
    system|popen|fork|vfork|clone|posix_spawn|posix_spawnp|execl|execle|execlp|execv|execve|execvp|execvpe|fexecve
    dlopen|dlsym|mdb_.*
    open|openat|creat|fopen|fdopen|freopen|tmpfile|unlink|unlinkat|remove|rename|renameat|mkdir|mkdirat|rmdir
    link|symlink|truncate|ftruncate|mkstemp|mkostemp|mkdtemp|chmod|chown|write|pwrite|writev|mmap'
FORBIDDEN_PRINT='printf|vprintf|puts|putchar|putc|fputs|fputc|fprintf|vfprintf|dprintf|perror|stdout|stderr'

FORBIDDEN_PRINTER='time|gettimeofday|getenv|secure_getenv|setenv|putenv|environ|setlocale|uselocale
    system|popen|fork|vfork|clone|posix_spawn|posix_spawnp|execl|execle|execlp|execv|execve|execvp|execvpe|fexecve|mdb_.*'

# nm's undefined names that match a list.
undefined_among() {
    pattern=$(echo "$2" | tr -s ' \n' '|')
    nm -u "$1" 2>/dev/null | awk '$1 == "U" {print $2}' |
        sed -e 's/@.*//' -e 's/^__isoc[0-9]*_//' -e 's/^__\(.*\)_\(chk\|2\)$/\1/' -e 's/^_*\(.*[a-z]\)64\(_2\)\{0,1\}$/\1/' |
        grep -E -x "$pattern" | sort -u
}

check_symbols() {
    for name in $(undefined_among "$BUILD/libverify.a" "$FORBIDDEN_VERIFY"); do
        echo "$BUILD/libverify.a: asks for $name, which the verifier may not use"
    done
    for name in $(undefined_among "$BUILD/libprinter.a" "$FORBIDDEN_PRINTER"); do
        echo "$BUILD/libprinter.a: asks for $name, which paper may not depend on"
    done
    for layer in verify ledger printer; do
        for name in $(undefined_among "$BUILD/lib$layer.a" "$FORBIDDEN_PRINT"); do
            echo "$BUILD/lib$layer.a: asks for $name, but libraries never print"
        done
    done
}

# main.c alone opens files, and only to read them.
check_opens() {
    [ -f verify/main.c ] || return 0
    grep -nE '(^|[^a-z_])(fopen|freopen|fdopen)[[:space:]]*\(' verify/main.c | grep -v '"rb"' |
        sed 's|^|verify/main.c:|; s|$| -- opened otherwise than "rb"|'
    grep -nE '(^|[^a-z_])open(at)?[[:space:]]*\(' verify/main.c | grep -v 'O_RDONLY' |
        sed 's|^|verify/main.c:|; s|$| -- opened without O_RDONLY|'
    plain verify/main.c | grep -nE 'O_(WRONLY|RDWR|CREAT|TRUNC|APPEND)' |
        sed 's|^|verify/main.c:|; s|$| -- the verifier writes no file|'
    main=$BUILD/obj/verify/main.o
    [ -f "$main" ] || return 0
    list=$(echo "$FORBIDDEN_VERIFY" | sed -E 's/(^|\|)[[:space:]]*(open\|openat)\|/\1/; s/\|(fopen|fdopen)//g')
    for name in $(undefined_among "$main" "$list"); do
        echo "$main: asks for $name, which the verifier may not use"
    done
}

check_needed() {
    [ -f "$BUILD/unbroken-verify" ] || return 0
    readelf -d "$BUILD/unbroken-verify" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' |
        while read -r library; do
            case $library in
            libcrypto.so.* | libsodium.so.* | libcbor.so.* | libc.so.* | ld-linux*) ;;
            *)
                case $BUILD/$library in
                */san/libasan.so.* | */san/libubsan.so.* | */san/libgcc_s.so.* | */san/libm.so.*) ;;
                *) echo "$BUILD/unbroken-verify: needs $library, beyond libcrypto, libsodium, libcbor and libc" ;;
                esac
                ;;
            esac
        done
}

# ---- style ----------------------------------------------------------------------------------

BANNED='strcpy|strcat|sprintf|vsprintf|strncpy|strncat|atoi|atol|atoll|strtok|strtok_r|sscanf|gets|alloca'

check_banned() {
    for file in $(sources verify ledger printer custody); do
        plain "$file" | grep -nE "(^|[^A-Za-z0-9_])($BANNED)[[:space:]]*\(" |
            sed "s|^\([0-9]*\):.*|$file:\1: a banned call|"
    done
}

# A body begins where braces open after a parenthesis at the outermost level (and no "=" before).
check_sizes() {
    for file in $(sources verify ledger printer custody); do
        lines=$(awk 'END { print NR }' "$file")
        [ "$lines" -le $FILE_LINES_MAX ] || echo "$file: $lines lines, at most $FILE_LINES_MAX"
        plain "$file" | awk -v file="$file" -v max=$FUNCTION_LINES_MAX '
        /^[ \t]*#/ { next }
        {
            for (i = 1; i <= length($0); i++) {
                c = substr($0, i, 1)
                if (c == "{") {
                    if (depth == 0) { body = head ~ /\(/ && head !~ /=/; from = begin ? begin : NR; name = head }
                    depth++
                } else if (c == "}") {
                    depth--
                    if (depth == 0) {
                        if (body && NR - from + 1 > max) {
                            sub(/[ \t]*\(.*/, "", name); sub(/.*[ \t*]/, "", name)
                            print file ": " name " has " NR - from + 1 " lines, at most " max
                        }
                        head = ""; begin = 0
                    }
                } else if (depth == 0) {
                    if (c == ";") { head = ""; begin = 0 }
                    else { head = head c; if (!begin && c !~ /[ \t]/) begin = NR }
                }
            }
            if (depth == 0) head = head " "
        }'
    done
}

# ---- the judge's page -----------------------------------------------------------------------

check_page() {
    [ -d verify/page ] || return 0
    node "$HERE/tests/layers_page.mjs" . 2>&1
    code=$?
    [ $code -le 1 ] || echo "tests/layers_page.mjs: ends with $code: the page was not looked at"
}

check_tree() {
    cd "$ROOT" || exit 1
    if [ ! -f "$BUILD/libverify.a" ]; then
        echo "$BUILD/libverify.a: is not built"
    fi
    check_own_includes
    check_system_includes
    check_symbols
    check_opens
    check_needed
    check_banned
    check_sizes
    check_page
}

# ---- self-test ------------------------------------------------------------------------------

planted=0
missed=0

# judge FILE TEXT WORDS: FILE with TEXT was planted; found and code are what came of it.
judge() {
    planted=$((planted + 1))
    if [ "$3" = nothing ]; then
        if [ $code -eq 0 ] && [ -z "$found" ]; then return 0; fi
    elif [ $code -eq 1 ] && [ "$(printf '%s\n' "$found" | grep -c -F -e "$3")" -ge 1 ]; then
        return 0
    fi
    missed=$((missed + 1))
    echo "planted in $1: '$2'; wanted '$3', exit code $code, found: $found"
}

# plant FILE TEXT WORDS: with TEXT as FILE, a finding must say WORDS; without it, none may.
plant() {
    mkdir -p "$scratch/$(dirname "$1")"
    printf '%b\n' "$2" >"$scratch/$1"
    rm -rf "$scratch/build"
    mkdir -p "$scratch/build/obj/verify"
    for layer in verify ledger printer; do
        objects=''
        for file in "$scratch/$layer"/*.c; do
            [ -f "$file" ] || continue
            object=$scratch/build/obj/$layer/$(basename "$file" .c).o
            mkdir -p "$(dirname "$object")"
            ${CC:-gcc} -w -O2 -D_GNU_SOURCE -I"$scratch" -c "$file" -o "$object" || echo "cannot compile $file"
            [ "$(basename "$file")" = main.c ] || objects="$objects $object"
        done
        # shellcheck disable=SC2086
        ar rcs "$scratch/build/lib$layer.a" $objects
    done
    if [ -f "$scratch/verify/main.c" ]; then
        # shellcheck disable=SC2086
        ${CC:-gcc} "$scratch/build/obj/verify/main.o" -Wl,--no-as-needed ${4:-} -o "$scratch/build/unbroken-verify"
    fi
    found=$(ROOT=$scratch BUILD=build sh "$HERE/tests/layers.sh")
    code=$?
    rm -f "${scratch:?}/$1"
    judge "$1" "$2" "$3"
}

repeat() {
    awk -v n="$1" -v text="$2" 'BEGIN { for (i = 0; i < n; i++) printf "%s", text }'
}

# plant_page FILE TEXT WORDS: the same in the page, looked at alone. FILE: core and ui are core/a.js and ui/a.js; the licence's line is put in front.
plant_page() {
    case $1 in
    core | ui) file=$1/a.js head='// SPDX-License-Identifier: Apache-2.0\n' ;;
    *.html) file=$1 head='<!-- SPDX-License-Identifier: Apache-2.0 -->\n' ;;
    *.css) file=$1 head='/* SPDX-License-Identifier: Apache-2.0 */\n' ;;
    *) file=$1 head='// SPDX-License-Identifier: Apache-2.0\n' ;;
    esac
    mkdir -p "$scratch/verify/page/core" "$scratch/verify/page/ui"
    printf '%b\n' "$head$2" >"$scratch/verify/page/$file"
    found=$(node "$HERE/tests/layers_page.mjs" "$scratch" 2>&1)
    code=$?
    rm -f "$scratch/verify/page/$file"
    judge "verify/page/$file" "$2" "$3"
}

self_test_page() {
    # What is allowed.
    plant_page core "import { sha256 } from '@noble/hashes/sha2';\nimport { a } from './b.js';\nexport * from './c.js';" nothing
    plant_page core "import {\n    a,\n} from '../core/b.js';\nexport const b = a.location + a.crypto;\nconst t = { document: 1 };" nothing
    plant_page core '// innerHTML, eval(x), fetch(y)\nconst a = "innerHTML"; /* Date.now() */ const b = /innerHTML/g;' nothing
    plant_page core "const a = \`\${b + \`}\` + '}'}eval(\`;" nothing
    plant_page ui "import { a } from '../core/index.js';\nimport { b } from './b.js';\nimport { c } from 'zxing-wasm/reader';\nimport d from 'page:catalogues';" nothing
    plant_page ui "const n = document.createElementNS('http://www.w3.org/2000/svg', 'svg'); n.textContent = new Date();" nothing
    plant_page ui/build.mjs "import fs from 'node:fs';" "imports node:fs, which ui"
    plant_page build.mjs "import fs from 'node:fs';\nimport esbuild from 'esbuild';\nconst a = 'https://x.example/';" nothing
    plant_page page.html '<link rel="icon" href="data:,">\n<a href="#x">x</a>' nothing
    plant_page core "export const f = (a) => {\n$(repeat 78 '    a();\\n')};" nothing

    plant_page core "const a = b / 2; const c = d[0] / e; const f = (g) / 2; return /[/]'/.test(a);" nothing

    # Imports.
    plant_page core "import fs from 'node:fs';" 'imports node:fs'
    plant_page core "import { a } from '../ui/b.js';" 'imports ../ui/b.js'
    plant_page core "import { a } from './../ui/b.js';" 'imports ./../ui/b.js'
    plant_page core "import { a } from 'zxing-wasm/reader';" 'imports zxing-wasm/reader'
    plant_page core "import { a } from '@noble/curves/../../evil';" 'imports @noble/curves/../../evil'
    plant_page core "import '../build.mjs';" 'imports ../build.mjs'
    plant_page core "export { a } from 'cbor';" 'imports cbor'
    plant_page core "export * from 'cbor';" 'imports cbor'
    plant_page core "const a = await import('./b.js');" 'import()'
    plant_page core "const a = require('./b.js');" 'require:'
    plant_page ui "import { a } from '@noble/hashes/sha2';" 'imports @noble/hashes/sha2'
    plant_page ui "import { a } from '../build.mjs';" 'imports ../build.mjs'
    plant_page ui "const a = import('./b.js');" 'import()'
    plant_page build.mjs "import a from 'left-pad';" 'imports left-pad'
    plant_page build.mjs "import a from '../check.js';" 'imports ../check.js'

    # Names.
    for part in core ui; do
        for call in 'a.innerHTML = b' "a['innerHTML'] = b" 'a.outerHTML = b' 'a.insertAdjacentHTML(b, c)' 'document.write(b)' 'document?.writeln(b)' 'eval(b)' '(0, eval)(b)' \
            'new Function(b)' 'fetch(b)' 'window.fetch(b)' 'new XMLHttpRequest()' 'new WebSocket(b)' 'new EventSource(b)' 'navigator.sendBeacon(b)' \
            'navigator.serviceWorker.register(b)' 'localStorage.a = b' 'sessionStorage.a' 'indexedDB.open(b)' 'importScripts(b)' 'document.cookie = b' 'new DOMParser()' \
            'a.createContextualFragment(b)' 'a.srcdoc = b' 'Math.random()' 'const t = `${fetch(b)}`' 'a = 4 / 2; fetch(b); c = 1 / 2' 'if (a) /"/.test(b); fetch(b)'; do
            plant_page $part "$call;" "is forbidden in $part"
        done
    done
    for call in 'Date.now()' 'new Date()' 'performance.now()' 'document.title' 'window.a' 'globalThis.a' 'navigator.a' 'setTimeout(a)' 'crypto.subtle' 'console.log(a)' 'process.exit()' \
        'Buffer.from(a)' 'new Intl.Collator()' 'a.localeCompare(b)' 'a.toLocaleString()' 'postMessage(a)' 'new Worker(a)'; do
        plant_page core "$call;" 'is forbidden in core'
    done

    # Addresses and markup.
    for part in core ui; do
        plant_page $part "const a = 'https://cdn.example/x.js';" 'an address of the network'
        plant_page $part "// see http://x.example/" 'an address of the network'
        plant_page $part "const a = 'HTTP:' + b;" 'an address of the network'
        plant_page $part "const a = '//cdn.example/x.js';" 'an address of the network'
    done
    for element in '<p onclick="a()">' '<p style="color: red">' '<link rel="stylesheet" href="a.css">' '<script src="a.js">' '<a href="b.html">' '<iframe srcdoc="x">' '<base href="/">' \
        '<form action="x">' '<a href="javascript:a()">'; do
        plant_page page.html "$element" 'verify/page/page.html:2: a'
    done
    plant_page page.css "a { background: url('x.png'); }" 'a file of elsewhere'
    plant_page page.css "@import 'https://x.example/a.css';" 'an address of the network'
    plant_page page.css "@import '/a.css';" 'a style sheet of elsewhere'

    # Style.
    plant verify/page/core/a.js 'export const a = 1;' 'has no SPDX line'
    plant_page core "const a = 'x\ny';" 'a text that does not end'
    plant_page core 'if (a) { b(); } /"/.test(c); d("x");' 'a slash behind a brace'
    plant_page core 'export default 1;' 'a default export'
    plant_page core "export function f(a, b = {}) {\n$(repeat 79 '    a();\\n')}" 'f has 81 lines'
    plant_page core "export const f = async (\n    a,\n) => {\n$(repeat 77 '    a();\\n')};" 'f has 81 lines'
    plant_page ui "const o = {\n  method() {\n$(repeat 79 '    a();\\n')},\n};" 'method has 81 lines'
    plant_page ui "a.on(() => {\n$(repeat 79 '    a();\\n')});" 'an arrow function has 81 lines'
    plant_page core "$(repeat 400 'export const a = 1;\\n')" 'lines, at most 400'
}

self_test() {
    scratch=$(mktemp -d) || exit 1
    trap 'rm -rf "$scratch"' EXIT
    mkdir -p "$scratch/verify" "$scratch/ledger" "$scratch/printer" "$scratch/custody"
    : >"$scratch/verify/own.h"
    : >"$scratch/ledger/own.h"
    : >"$scratch/printer/own.h"
    : >"$scratch/custody/own.h"

    # What is allowed.
    plant verify/a.c '#include "verify/own.h"\n#include <string.h>\nint a;' nothing
    plant ledger/a.c '#include "verify/own.h"\n#include "ledger/own.h"\n#include <time.h>\nlong a(void){return time(0);}' nothing
    plant custody/a.c '#include "ledger/own.h"\n#include "printer/own.h"\nint a;' nothing
    plant verify/a.c '/* strcpy(a, b); "*/ char *a = "strcpy(a, b) // {{{";' nothing
    plant verify/main.c '#include <stdio.h>\nint main(void){return fopen("x", "rb") == 0;}' nothing
    plant verify/a.c "int a(int b)\n{\n$(repeat 76 '    b++;\\n')    return b;\n}" nothing

    # Includes.
    plant verify/a.c '#include "ledger/own.h"' 'verify may include only'
    plant verify/a.h '  #  include "custody/own.h"' 'verify may include only'
    plant ledger/a.c '#include "custody/own.h"' 'ledger may include only'
    plant ledger/a.c '#include "printer/own.h"' 'ledger may include only'
    plant printer/a.c '#include "ledger/own.h"' 'printer may include only'
    plant verify/a.c '#include "verify/../ledger/own.h"' 'by way of ..'
    for header in lmdb.h time.h sys/socket.h netdb.h curl/curl.h sys/wait.h fcntl.h; do
        plant verify/a.h "#include <$header>" "includes <$header>"
    done

    # Symbols, declared by hand so that no header gives them away.
    for name in time clock_gettime gettimeofday getenv secure_getenv socket connect system popen execv execve execvp \
        mdb_env_open creat unlink rename mkdir truncate mkstemp fopen open openat fopen64 write; do
        plant verify/a.c "int $name();\nint a(void){return $name(1);}" "asks for ${name%64}"
    done
    plant verify/a.c '#include <stdio.h>\nvoid a(void){puts("x");}' 'libraries never print'
    plant ledger/a.c '#include <stdio.h>\nvoid a(void){fprintf(stderr, "x%d", 1);}' 'libraries never print'
    plant printer/a.c '#include <stdio.h>\nvoid a(void){puts("x");}' 'libraries never print'
    for name in time getenv setlocale fork popen; do
        plant printer/a.c "int $name();\nint a(void){return $name(1);}" "asks for $name, which paper"
    done
    plant verify/main.c '#include <stdio.h>\nint main(void){return fopen("x", "wb") == 0;}' 'otherwise than "rb"'
    plant verify/main.c '#include <fcntl.h>\nint main(void){return open("x", 1);}' 'without O_RDONLY'
    plant verify/main.c '#include <fcntl.h>\nint main(void){return open("x", O_RDONLY | O_CREAT, 1);}' 'writes no file'
    plant verify/main.c 'int unlink();\nint main(void){return unlink("x");}' 'asks for unlink'
    plant verify/main.c 'int main(void){return 0;}' 'needs liblmdb' -llmdb

    # Style.
    for name in strcpy strcat sprintf strncpy atoi strtok sscanf; do
        plant custody/a.c "int a(void){ return $name (0); }" 'a banned call'
    done
    plant printer/a.c "static int\na(int b)\n{\n$(repeat 76 '    b++;\\n')    return b;\n}" 'a has 81 lines'
    plant custody/a.c "$(repeat 401 'extern int a;\\n')" 'lines, at most 400'
    self_test_page
    echo "$((planted - missed)) passed, $missed failed"
    [ $missed -eq 0 ]
}

if [ "${1:-}" = --self-test ]; then
    self_test
    exit
fi
findings=$(check_tree)
[ -z "$findings" ] && exit 0
printf '%s\n' "$findings"
exit 1
