# SPDX-License-Identifier: Apache-2.0
#
# Unbroken: two programs, four static libraries. Everything that is built goes under build/.
#
#   make               both programs
#   make check         installs what the tests need if it is missing, builds, runs every test
#   make demo          the walk through a case
#   make bench         measurements; no test depends on them
#   make layers        the rules of the layers alone
#   make words         the texts of the papers into printer/po/, for translators
#   make page          the judge's page, build/check.html
#   make install       PREFIX=/usr/local DESTDIR=
#
# Variables: CC=clang, WERROR=1 (on where CI is set), SAN=address,undefined, JOBS=n, V=1 (shows
# commands), B=folder (builds there instead of build/).
# pkg-config is asked in recipes only, that is, after `deps` has installed it and what it is asked about.

ifeq ($(origin CC),default)
CC = gcc
endif
AR ?= ar
PREFIX ?= /usr/local
JOBS ?= $(shell nproc 2>/dev/null || echo 2)
B := build$(if $(SAN),/san)
say = $(if $(V),,@echo '  $1';)

# ---- packages -------------------------------------------------------------------------------

DEPS_BUILD := gcc libc6-dev make \
	libssl-dev libsodium-dev libcbor-dev liblmdb-dev \
	libsmartcols-dev libcsv-dev libinih-dev libjansson-dev \
	pkg-config gettext libcairo2-dev libpango1.0-dev libicu-dev libqrencode-dev libpng-dev libqpdf-dev libcups2-dev fonts-noto-core \
	libcurl4-openssl-dev libmicrohttpd-dev
# Node with npm makes the judge's page, which travels in `unbroken`. Under whatever name they came: another Node package than Debian's has npm in it and
# conflicts with Debian's.
DEPS_NODE = $(shell command -v npm >/dev/null || echo nodejs npm)
DEPS_TEST := check libsubunit-dev binutils python3 python3-cbor2 python3-cryptography \
	golang-go golang-golang-x-mod-dev clang openssl chromium \
	poppler-utils qpdf zbar-tools cups-daemon cups-client python3-pil
DEPS_BENCH := git openssh-client poppler-utils

# ---- flags ----------------------------------------------------------------------------------

WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wcast-qual -Wstrict-prototypes \
	-Wmissing-prototypes -Wvla -Wformat=2
ifneq ($(WERROR)$(CI),)
WARNINGS += -Werror
endif

ifneq ($(SAN),)
HARDENING := -fsanitize=$(SAN) -fno-sanitize-recover=all -fno-omit-frame-pointer
HARDENING_LD := -fsanitize=$(SAN)
else
HARDENING := -fstack-protector-strong -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2
HARDENING_LD := -Wl,-z,relro,-z,now
endif

# Asserts stay in: NDEBUG is never defined.
CFLAGS ?= -O2 -g
ALL_CFLAGS = -std=c11 -I. $(CFLAGS) $(WARNINGS) -fPIE $(HARDENING) -MMD -MP
ALL_LDFLAGS = -pie $(HARDENING_LD) -Wl,--as-needed $(LDFLAGS)

# The verifier keeps to POSIX; the rest may use what glibc has (statfs, posix_fallocate, ...).
DEFINES_verify := -D_POSIX_C_SOURCE=200809L
DEFINES_ledger := -D_GNU_SOURCE
DEFINES_printer = -D_GNU_SOURCE $(DRAWING_INCLUDES)
DEFINES_custody := -D_GNU_SOURCE
DEFINES_tests = -D_GNU_SOURCE $(DRAWING_INCLUDES)

# Where the headers of the drawing libraries are; asked once. System headers: their warnings are not ours.
DRAWING_INCLUDES = $(eval DRAWING_INCLUDES := $$(patsubst -I%,-isystem %,$$(filter -I%,$$(shell pkg-config --cflags pangocairo pangoft2 icu-uc libqrencode libqpdf))))$(DRAWING_INCLUDES)

# What each layer stands on; a layer sees the libraries of the ones below it.
LIBS_verify := -lcrypto -lsodium -lcbor
LIBS_ledger := -llmdb -lcurl -lmicrohttpd
LIBS_printer := -lpangocairo-1.0 -lpangoft2-1.0 -lpango-1.0 -lgobject-2.0 -lglib-2.0 -lcairo -lfontconfig \
	-licuuc -lqrencode -lpng -lqpdf -lcups -linih -lssl -lm
LIBS_custody := -lsmartcols -lcsv -ljansson

BELOW_verify := verify
BELOW_ledger := ledger verify
BELOW_printer := printer verify
BELOW_custody := custody printer ledger verify

LAYERS := verify ledger printer custody
archives = $(foreach l,$(BELOW_$1),$(B)/lib$(l).a)
libs = $(foreach l,$(BELOW_$1),$(LIBS_$(l)))

# ---- what there is --------------------------------------------------------------------------

SOURCES := $(foreach l,$(LAYERS),$(wildcard $(l)/*.c))
sources = $(filter $1/%,$(filter-out %/main.c,$(SOURCES)))

PROGRAMS := $(if $(wildcard verify/main.c),$(B)/unbroken-verify) $(if $(wildcard custody/main.c),$(B)/unbroken)

TEST_SOURCES := $(wildcard tests/*/test_*.c)
TEST_PROGRAMS := $(TEST_SOURCES:%.c=$(B)/%)
# Programs that tests run.
TEST_TOOLS := $(patsubst %,$(B)/tests/printer/%,table_words zpl_file send_file qr_file) $(B)/tests/interop/tiles_folder $(B)/tests/differential/verdicts
# tests/support/*.c: helpers that every test and bench program may use.
SUPPORT_OBJECTS := $(patsubst %.c,$(B)/obj/%.o,$(wildcard tests/support/*.c))
BENCH_SOURCES := $(wildcard tests/bench/bench_*.c)
BENCH_PROGRAMS := $(BENCH_SOURCES:%.c=$(B)/%)
# tests/bench/*.c of other names: what the bench programs share.
BENCH_SHARED := $(filter-out $(BENCH_SOURCES),$(wildcard tests/bench/*.c))
BENCH_OBJECTS := $(BENCH_SHARED:%.c=$(B)/obj/%.o)

.PHONY: all libraries deps deps-test words page demo check check-run check-build bench bench-run layers clean install FORCE
.DELETE_ON_ERROR:
.SECONDARY:

all: libraries $(PROGRAMS)

libraries: $(LAYERS:%=$(B)/lib%.a)

# Other flags or another compiler: everything is built anew.
FLAGS_NOW = $(CC) $(ALL_CFLAGS) $(DRAWING_INCLUDES) $(ALL_LDFLAGS)
$(B)/flags: FORCE
	@mkdir -p $(@D)
	@echo '$(FLAGS_NOW)' | cmp -s - $@ || echo '$(FLAGS_NOW)' >$@

define layer_rules
$(B)/obj/$1/%.o: $1/%.c $(B)/flags
	@mkdir -p $$(@D)
	$$(call say,CC $$<)$$(CC) $$(ALL_CFLAGS) $$(DEFINES_$1) -c $$< -o $$@

$(B)/lib$1.a: $(patsubst %.c,$(B)/obj/%.o,$(call sources,$1)) $(B)/$1.list
	@rm -f $$@
	$$(call say,AR $$@)$$(AR) rcs $$@ $$(filter %.o,$$^)

# A source that has gone must leave the library too.
$(B)/$1.list: FORCE
	@mkdir -p $$(@D)
	@echo '$(call sources,$1)' | cmp -s - $$@ || echo '$(call sources,$1)' >$$@

$(B)/tests/$1/%: $(B)/obj/tests/$1/%.o $$(SUPPORT_OBJECTS) $(call archives,$1)
	@mkdir -p $$(@D)
	$$(call say,LD $$@)$$(CC) $$(ALL_LDFLAGS) -o $$@ $$^ $(call libs,$1) -ljansson -lcheck_pic -lsubunit -lrt -lm -pthread
endef
$(foreach l,$(LAYERS),$(eval $(call layer_rules,$(l))))

$(B)/obj/tests/%.o: tests/%.c $(B)/flags
	@mkdir -p $(@D)
	$(call say,CC $<)$(CC) $(ALL_CFLAGS) $(DEFINES_tests) -c $< -o $@

# Test and bench programs of any other folder see everything.
$(B)/tests/%: $(B)/obj/tests/%.o $(SUPPORT_OBJECTS) $(call archives,custody)
	@mkdir -p $(@D)
	$(call say,LD $@)$(CC) $(ALL_LDFLAGS) -o $@ $(filter %.o,$^) $(filter %.a,$^) $(call libs,custody) -lcheck_pic -lsubunit -lrt -lm -pthread

$(B)/tests/bench/%: $(B)/obj/tests/bench/%.o $(BENCH_OBJECTS) $(call archives,custody)
	@mkdir -p $(@D)
	$(call say,LD $@)$(CC) $(ALL_LDFLAGS) -o $@ $(filter %.o,$^) $(filter %.a,$^) $(call libs,custody) -lm -pthread

$(B)/tests/bench/bench_witness: $(B)/obj/tests/support/sample_keys.o

# tests/walk/*.c of other names: what the walks share.
WALK_SHARED := $(filter-out $(wildcard tests/walk/test_*.c),$(wildcard tests/walk/*.c))
$(patsubst %.c,$(B)/%,$(wildcard tests/walk/test_*.c)): $(WALK_SHARED:%.c=$(B)/obj/%.o)

# The forgers serve the demo and the attack tests.
ATTACK_PROGRAMS := $(B)/tests/attack/attack $(B)/tests/attack/crude
ATTACK_SHARED := $(B)/obj/tests/attack/edit.o $(B)/obj/tests/attack/request.o
$(ATTACK_PROGRAMS): $(ATTACK_SHARED)
$(B)/tests/attack/attack: $(patsubst tests/%.c,$(B)/obj/tests/%.o,$(wildcard tests/attack/attack_*.c tests/attack/forge*.c))
$(B)/tests/attack/crude: $(B)/obj/tests/attack/crude_change.o

# What travels in the program: translations, stocks, templates (printer/embedded.S).
$(B)/po/%.mo: printer/po/%.po
	@mkdir -p $(@D)
	$(call say,MSGFMT $<)msgfmt --check -o $@ $<

$(B)/obj/printer/embedded_data.o: printer/embedded.S $(patsubst printer/po/%.po,$(B)/po/%.mo,$(wildcard printer/po/*.po)) \
		$(wildcard printer/*.ini printer/templates/*.ini) $(B)/flags
	@mkdir -p $(@D)
	$(call say,AS $<)$(CC) -Wa,-I$(B) -Wa,-Iprinter -c $< -o $@
$(B)/libprinter.a: $(B)/obj/printer/embedded_data.o

# What npm installs, by lock file and under build/, so that the source tree stays clean; packages run no script.
define npm_install
	@rm -rf $(@D) && mkdir -p $(@D) && cp $^ $(@D)
	$(call say,NPM $(@D))cd $(@D) && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >npm.log 2>&1 || { cat npm.log; exit 1; }
	@touch $@
endef

# Tools of the paper tests.
$(B)/node/installed: $(wildcard tests/paper/*.json tests/paper/*.mjs)
	$(npm_install)

# The judge's page: one file, the same whatever the compiler, so it has no place under $(B).
PAGE := build/page
PAGE_SOURCES := $(wildcard verify/page/*.mjs verify/page/*.html verify/page/*.css LICENSE verify/page/core/*.js verify/page/ui/*.js verify/page/ui/*.css verify/page/po/*.po printer/po/*.po)
$(PAGE)/node/installed: verify/page/package.json verify/page/package-lock.json
	$(npm_install)

build/check.html: $(PAGE)/node/installed $(PAGE_SOURCES)
	$(call say,PAGE $@)node verify/page/build.mjs --node $(PAGE)/node/node_modules --out $@

# Its verifier and its reader of QR symbols alone, for tests and measurements under Node.
page_module = $(call say,PAGE $@)NODE_PATH=$(PAGE)/node/node_modules $(PAGE)/node/node_modules/.bin/esbuild $1 --bundle --format=esm --log-level=warning --outfile=$@
$(PAGE)/core.mjs: $(PAGE)/node/installed $(wildcard verify/page/core/*.js)
	$(call page_module,verify/page/core/index.js)

$(PAGE)/qr.mjs: $(PAGE)/node/installed verify/page/ui/qr.js
	$(call page_module,verify/page/ui/qr.js)

# What its tests drive a browser with.
$(PAGE)/node-test/installed: tests/page/package.json tests/page/package-lock.json
	$(npm_install)

PAGE_TESTED := build/check.html $(PAGE)/core.mjs $(PAGE)/node-test/installed

# The page travels in `unbroken`, which gives courts their copies (custody/embedded.S).
$(B)/obj/custody/embedded_data.o: custody/embedded.S build/check.html $(B)/flags
	@mkdir -p $(@D)
	$(call say,AS $<)$(CC) -Wa,-Ibuild -c $< -o $@
$(B)/libcustody.a: $(B)/obj/custody/embedded_data.o

# The verifier links its own layer and nothing else: `make layers` looks at the result too.
$(B)/unbroken-verify: $(B)/obj/verify/main.o $(call archives,verify)
	$(call say,LD $@)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(call libs,verify)

$(B)/unbroken: $(B)/obj/custody/main.o $(call archives,custody)
	$(call say,LD $@)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(call libs,custody)

-include $(patsubst %.c,$(B)/obj/%.d,$(SOURCES) $(TEST_SOURCES) $(BENCH_SOURCES) $(BENCH_SHARED) $(wildcard tests/support/*.c tests/attack/*.c tests/interop/tiles_folder.c tests/differential/verdicts.c) $(WALK_SHARED))

# ---- targets for people ---------------------------------------------------------------------

# Installs only what is missing, so that a machine that has all of it needs neither root nor network.
define install_missing
@missing=''; \
for package in $1; do \
	dpkg -s "$$package" 2>/dev/null | grep -q '^Status: install ok installed' || missing="$$missing $$package"; \
done; \
if [ -n "$$missing" ]; then \
	sudo=''; [ "$$(id -u)" -eq 0 ] || sudo=sudo; \
	echo "installing:$$missing"; \
	$$sudo apt-get update -q && \
	DEBIAN_FRONTEND=noninteractive $$sudo apt-get install -q -y --no-install-recommends $$missing; \
fi
endef

deps:
	$(call install_missing,$(DEPS_BUILD) $(DEPS_NODE))

deps-test:
	$(call install_missing,$(DEPS_BUILD) $(DEPS_NODE) $(DEPS_TEST))

# The build is a second make: it starts only when the packages are there.
AGAIN = $(MAKE) --no-print-directory $(if $(findstring jobserver,$(MAKEFLAGS)),,-j$(JOBS))

demo: deps
	+@$(AGAIN) all $(B)/tests/attack/attack
	@BUILD=$(B) sh tests/demo/demo.sh

check: deps-test
	+@$(AGAIN) check-run

page:
	$(call install_missing,$(DEPS_NODE))
	+@$(AGAIN) build/check.html
	@sha256sum build/check.html

# The texts of the papers into the catalogues of printer/po/, for translators.
words: $(B)/tests/printer/table_words
	@sh printer/po/update.sh $(B)

check-build: all $(TEST_PROGRAMS) $(ATTACK_PROGRAMS) $(TEST_TOOLS) $(B)/node/installed $(PAGE_TESTED)

check-run: check-build
	@BUILD=$(B) JOBS=$(JOBS) CC='$(CC)' sh tests/run.sh

bench: deps
	$(call install_missing,$(DEPS_BENCH))
	+@$(AGAIN) bench-run

bench-run: all $(BENCH_PROGRAMS) $(PAGE)/core.mjs $(PAGE)/qr.mjs
	@for program in $(BENCH_PROGRAMS); do echo "$$program"; BUILD=$(B) $$program || exit 1; done

layers: all
	@BUILD=$(B) CC='$(CC)' sh tests/layers.sh

clean:
	rm -rf build

install: all
	install -d $(DESTDIR)$(PREFIX)/bin
	$(if $(strip $(PROGRAMS)),install $(PROGRAMS) $(DESTDIR)$(PREFIX)/bin)
