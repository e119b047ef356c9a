# Everything a person or a pipeline does with this project. `make run` and `make test` also work on a fresh machine.

CONFIGURATION ?= release
PREFIX ?= /usr/local
SEEDS ?= 1000
STEPS ?= 10000

BUILD := .build/$(CONFIGURATION)
SWIFT_FLAGS := -c $(CONFIGURATION) --static-swift-stdlib
CLANG := $(shell dirname "$$(readlink -f "$$(command -v swift)")")/clang
INIT_SOURCES := Sources/CInit/init.c Sources/CSpawn/plan.c Sources/CSpawn/child.c
PROGRAMS := pup pup-supervisor pup-keeper

.PHONY: run build test check format generate simulate bench fuzz contract install uninstall setup clean

run: build
	$(BUILD)/pup run --config pup.json.example

build: setup
	swift build $(SWIFT_FLAGS)
	$(MAKE) --no-print-directory $(BUILD)/pup-init

# SwiftPM would link a C program against the Swift runtime (8.7 MB); this one lives once per run where there are no cgroups.
$(BUILD)/pup-init: $(INIT_SOURCES) Sources/CSpawn/include/CSpawn.h
	$(CLANG) -D_GNU_SOURCE -std=gnu11 -Os -Wall -Wextra -Werror -static -s -I Sources/CSpawn/include -o $@ $(INIT_SOURCES)

test: build
	scripts/test.sh

check: build
	scripts/check.sh

format:
	swift format -i -r Sources Tests Package.swift

generate: build
	$(BUILD)/pup-generate

simulate: build
	$(BUILD)/pup-simulate --seeds $(SEEDS) --steps $(STEPS)

bench: build
	Benchmarks/run.sh

fuzz:
	Fuzz/run.sh

contract: build
	scripts/contract.sh

install: build
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/libexec/pup $(DESTDIR)$(PREFIX)/share/pup
	install -m 755 $(BUILD)/pup $(DESTDIR)$(PREFIX)/bin/pup
	install -m 755 $(BUILD)/pup-supervisor $(BUILD)/pup-keeper $(BUILD)/pup-init $(DESTDIR)$(PREFIX)/libexec/pup/
	install -m 644 pup.schema.json pup.json.example $(DESTDIR)$(PREFIX)/share/pup/

uninstall:
	rm -f $(DESTDIR)$(PREFIX)/bin/pup
	rm -rf $(DESTDIR)$(PREFIX)/libexec/pup $(DESTDIR)$(PREFIX)/share/pup

setup:
	@scripts/setup.sh

clean:
	rm -rf .build
