# "make" alone lists what can be made.

.DEFAULT_GOAL := help
.NOTPARALLEL:
.DELETE_ON_ERROR:
SHELL := bash

BIN := bin/rostrum
TOOLS := bin/tools
GOLANGCI_LINT := $(TOOLS)/golangci-lint-v2.15.0
GOFUMPT := $(TOOLS)/gofumpt-v0.12.0

# Go stamps the commit into the binary, and refuses to build where git cannot
# be asked, such as in a checkout that another user owns.
ifeq ($(shell git rev-parse --verify --quiet HEAD 2>/dev/null),)
export GOFLAGS := $(GOFLAGS) -buildvcs=false
endif

UI_SOURCES := $(shell find ui/src ui/public -type f 2>/dev/null) $(wildcard ui/*.html ui/*.ts ui/*.js ui/*.json)
# npm writes this file at the end of an installation.
INSTALLED := node_modules/.package-lock.json
NPM_CI := npm ci --no-audit --no-fund --loglevel=error

# What tests write nobody keeps: into memory, where there is plenty of it.
SCRATCH := $(shell test "$$(df --output=avail /dev/shm 2>/dev/null | tail -n 1)" -gt 6000000 2>/dev/null && echo /dev/shm)
ifneq ($(SCRATCH),)
ui-test go-test: export TMPDIR := $(SCRATCH)
endif

##@ Use

.PHONY: run
run: build ## build, and serve with a demo channel on air: http://127.0.0.1:8080
	exec $(BIN) serve --demo

.PHONY: build
build: tools ui/dist/index.html ## build the pages and bin/rostrum
	go build -o $(BIN) ./cmd/rostrum

.PHONY: ingest
ingest: build ## publish a test picture and tone to the running server (KEY=… or CHANNEL=…)
	exec scripts/ingest.sh

.PHONY: deb
deb: tools ui/dist/index.html ## build a Debian package: bin/rostrum_VERSION_ARCHITECTURE.deb
	CGO_ENABLED=0 go build -trimpath -ldflags=-s -o bin/deb/rostrum ./cmd/rostrum
	scripts/deb.sh bin/deb/rostrum bin

##@ Check

.PHONY: test
test: tools test-deps ui-test go-test ## install what tests need, and run every test

.PHONY: lint
lint: tools $(GOLANGCI_LINT) ui/dist/index.html ## read the code for faults: golangci-lint, svelte-check
	$(GOLANGCI_LINT) run ./...
	cd ui && npm run check

.PHONY: fmt
fmt: tools $(GOFUMPT) ui/$(INSTALLED) ## lay out the code: gofumpt, prettier
	$(GOFUMPT) -l -w cmd internal bench e2e ui/*.go
	cd ui && npm run format

.PHONY: fuzz
fuzz: tools ui/dist/index.html ## run every fuzz target a million times (EXECUTIONS=…, ONLY=regexp)
	scripts/fuzz.sh "$(or $(EXECUTIONS),1000000)" "$(or $(ONLY),.)"

.PHONY: bench
bench: build ## measure beside nginx; the table is kept under bench/results
	scripts/bench-deps.sh
	go run ./bench/cmd/bench

.PHONY: bench-chat
bench-chat: build ## measure the chat: thousands of sockets in one room, and by TLS
	go run ./bench/cmd/chat -rostrum $(BIN)

.PHONY: soak
soak: build ## half an hour of encoders that break and viewers that leave (SOAK=… adds flags)
	go run ./bench/cmd/soak -rostrum $(BIN) $(SOAK)

.PHONY: screenshots
screenshots: build test-deps ## every page, phone and desktop, light and dark, into docs/screenshots (ONLY=regexp)
	scripts/screenshots.sh "$(ONLY)"

# Parts of the above.

.PHONY: tools test-deps ui-test go-test
tools:
	@scripts/check-tools.sh

test-deps:
	@scripts/test-deps.sh

ui-test: ui/dist/index.html
	cd ui && npm run check && npm test && npm run size

# SQLite is C made into Go, whose every access the race detector would look at:
# four times the work, for code that is not ours. What calls it is looked at.
RACE := -race -gcflags=modernc.org/...=-race=false

go-test: ui/dist/index.html e2e/browser/$(INSTALLED)
	go vet ./...
	go test $(RACE) -vet=off -timeout 15m $$(go list ./... | grep -v /e2e$$)
	go test -vet=off -run 'Alloc|Cost|Shared|HoldLittle' ./internal/packager ./internal/rtmp # bounds that the race detector hides
	go test -vet=off -timeout 30m ./e2e # alone: browsers and encoders keep real time

ui/dist/index.html: ui/$(INSTALLED) $(UI_SOURCES)
	cd ui && npm run build
	@touch $@

%/$(INSTALLED): %/package-lock.json
	cd $* && $(NPM_CI)
	@touch $@

$(GOLANGCI_LINT):
	$(call install,github.com/golangci/golangci-lint/v2/cmd/golangci-lint)

$(GOFUMPT):
	$(call install,mvdan.cc/gofumpt)

# The version is what stands after the tool's name, so that a change of it
# installs anew.
define install
	GOBIN=$(abspath $(TOOLS)) go install $(1)@$(lastword $(subst -, ,$(@F)))
	mv $(TOOLS)/$(notdir $(1)) $@
endef

.PHONY: help
help:
	@awk 'BEGIN { FS = ":.*## " } \
		/^##@ / { printf "\n%s\n", substr($$0, 5) } \
		/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile
