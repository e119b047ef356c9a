# Everything a person or a pipeline does with this project. `make run` and `make test` also work on a fresh machine.

CONFIGURATION ?= release
PREFIX ?= /usr/local
SEEDS ?= 1000
STEPS ?= 10000

BUILD := .build/$(CONFIGURATION)
SWIFT_FLAGS := -c $(CONFIGURATION) --static-swift-stdlib
# Looked for only where it is used: `make install` works where there is no toolchain in PATH.
CLANG = $(shell dirname "$$(readlink -f "$$(command -v swift)")")/clang
INIT_SOURCES := Sources/CInit/init.c Sources/CSpawn/plan.c Sources/CSpawn/child.c
INSTALL := BUILD='$(BUILD)' PREFIX='$(PREFIX)' DESTDIR='$(DESTDIR)' scripts/install.sh

.PHONY: help run build test check format generate simulate bench fuzz contract install uninstall setup-build setup-run setup clean

run: setup-run build ## build, and supervise the programs of pup.json.example in the foreground (the default)
	$(BUILD)/pup run --config pup.json.example

build: setup-build ## the programs, manual pages and completions, in .build/release
	swift build $(SWIFT_FLAGS)
	$(MAKE) --no-print-directory $(BUILD)/pup-init
	rm -rf $(BUILD)/share
	$(BUILD)/pup-generate --share $(BUILD)/share

# SwiftPM would link a C program against the Swift runtime (8.7 MB); this one lives once per run where there are no cgroups.
$(BUILD)/pup-init: $(INIT_SOURCES) Sources/CSpawn/include/CSpawn.h
	$(CLANG) -D_GNU_SOURCE -std=gnu11 -Os -Wall -Wextra -Werror -static -s -I Sources/CSpawn/include -o $@ $(INIT_SOURCES)

install: ## copy what is built to PREFIX (/usr/local), below DESTDIR where that is set; needs no toolchain
	@$(INSTALL) install

uninstall: ## remove what `make install` put there
	@$(INSTALL) uninstall

test: setup build ## every test: unit, integration (as root also as an ordinary user), a kernel of its own
	scripts/test.sh

check: setup build ## format, generated files, links of the documentation, house rules
	scripts/check.sh

contract: setup build ## the REST interface against public testers and hostile clients
	scripts/contract.sh

bench: setup build ## speed and memory, beside other supervisors that are installed
	Benchmarks/run.sh

simulate: build ## SEEDS random lives of the core under a virtual clock
	$(BUILD)/pup-simulate --seeds $(SEEDS) --steps $(STEPS)

fuzz: setup ## fuzzers for everything that reads what others wrote
	Fuzz/run.sh

format: ## swift format in place
	swift format -i -r Sources Tests Package.swift

generate: build ## rewrite the generated files: pup.schema.json, and pages in docs/
	$(BUILD)/pup-generate

# What is missing, of Debian's packages: for `make build`, for the example as well, for everything.
setup-build:
	@scripts/setup.sh

setup-run:
	@scripts/setup.sh run

setup: ## install the Debian packages that everything needs (the others install what they need)
	@scripts/setup.sh test

clean: ## remove everything that was built
	rm -rf .build

help: ## this list
	@sed -n 's/^\([a-z]*\):[^#]*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{ printf "%-17s %s\n", $$1, $$2 }'
