# Four words for people. Everything behind them is Meson's: `meson setup build && ninja -C build` works too.

BUILD    ?= build
INSTANCE ?= instance
LISTEN   ?= 127.0.0.1:8080
NINJA    := $(shell command -v ninja || echo ninja)

.PHONY: run test test-long bench install build setup setup-test clean

run: build                      ## the site on http://$(LISTEN), with the compilation that ships with it
	@setup/run.sh $(BUILD) $(INSTANCE) $(LISTEN)

test: setup-test                ## every test, in the plain and the sanitizer build; ends with "N passed, N failed"
	@tests/run.sh

test-long: setup-test           ## the slower tiers as well
	@tests/run.sh --long

bench: setup-test               ## every figure the README claims
	@bench/run.sh

install: build
	@meson install -C $(BUILD)

build: setup
	@setup/build.sh $(BUILD)

setup:
	@setup/debian.sh run

setup-test:
	@setup/debian.sh test

clean:
	rm -rf build build-* instance
