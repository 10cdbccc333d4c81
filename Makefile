# `make run` plays every scenario and prints the table; `make test` runs the tests. Both set everything up first.
SHELL := /bin/bash
.DELETE_ON_ERROR:
.PHONY: help deps build run test prove lint format readme bench clean

BUILD := swift build --configuration release
# A thousand tests begun at the same time would want as many files open, and none could say how long it took by itself. Of a crash,
# where it was: registers and libraries say less than they take to read.
TESTS := env SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH=8 SWIFT_BACKTRACE=registers=none,images=none,threads=crashed \
  swift test --configuration release --skip-build --disable-xctest
BIN := .build/release

help: ## What there is to make
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

# Asked for only when one is missing, so that a second run needs neither root nor the network.
PACKAGES := libcurl4-openssl-dev libssl-dev libsqlite3-dev faketime
deps: ## Install the Debian packages that are missing
	@missing=""; for p in $(PACKAGES); do \
	  dpkg-query --show --showformat='$${Status}' $$p 2>/dev/null | grep -q 'install ok installed' || missing="$$missing $$p"; done; \
	if [ -n "$$missing" ]; then \
	  echo "installing:$$missing"; \
	  if [ "$$(id -u)" = 0 ]; then as=""; elif command -v sudo >/dev/null; then as=sudo; else \
	    echo "error: these Debian packages are missing and only root can install them:$$missing" >&2; exit 1; fi; \
	  { $$as apt-get update -qq && $$as env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$missing >/dev/null; } || \
	    { echo "error: could not install$$missing; install them by hand and try again" >&2; exit 1; }; \
	fi
	@command -v swift >/dev/null || { echo "error: no swift in PATH; Swift 6.2 or later is needed (https://swift.org/install)" >&2; exit 1; }

build: deps ## Build programs and tests, in the one configuration there is
	$(BUILD) --build-tests

run: deps ## Play every scenario in every scheme and print the comparison table
	$(BUILD)
	$(BIN)/authbed run

test: build ## Lint the scenario files, run the tests, prove every check
	$(BIN)/authbed lint
	$(BIN)/authbed readme --check
	@mkdir -p results
	@echo "swift test: a line for each test goes to results/tests.txt"
	@$(TESTS) > results/tests.txt 2>&1 || { status=$$?; \
	  grep --text -E '^(✘|↳|error:)' results/tests.txt | cut -c -2000; grep --text -A 60 'Program crashed' results/tests.txt; exit $$status; }
	@tail -n 1 results/tests.txt
	$(BIN)/authbed prove --unless-proven

prove: build ## Prove every check anew
	$(BIN)/authbed prove

lint: ## Check the Swift files' format
	swift format lint --strict --recursive --parallel Sources Tests certs-gen Package.swift

format: ## Format the Swift files
	swift format --in-place --recursive --parallel Sources Tests certs-gen Package.swift

readme: ## Write the measured parts of the README, from a run and a bench
	@mkdir -p results
	$(BIN)/authbed run --quiet > results/run.txt
	$(BIN)/authbed readme

bench: build ## Measure throughput, start and memory
	$(BIN)/authbed bench

clean: ## Remove what was built and measured
	rm -rf .build results
