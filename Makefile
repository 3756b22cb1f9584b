# All development tasks. `make` without arguments lists them.

SHELL        := bash
.SHELLFLAGS  := -euo pipefail -c
.DEFAULT_GOAL := help

GO           ?= go
BIN          := bin/chatnode
TOOLS        := .tools

# The tree has two modules: the node's, and ops/ with the tests and tools that drive whole nodes. $(BOTH) runs a
# command on packages of both, $(call tool,NAME) is the path of a tool that ops/go.mod pins.
BOTH         := $(CURDIR)/.ci/both
tool          = "$$($(GO) -C ops tool -n $(1))"

# Settings of `make run`; override them on the command line: make run PORT=8080
PORT         ?= 3001
DATA_DIR     ?= ./data

# Parameters of the targets below: make fuzz FUZZTIME=1m, make race COUNT=10, make test PKG=./actors/...,
# make sim SEED=42, make chaos OUTAGE=5m RATE=2000, make load LOAD='-n 5000 -rate 1000',
# make compare COMPARE='-n 10000 -rates 5,20', make sizing ARGS='-connections 1e6'
PKG          ?= ./...
TIMEOUT      ?= 15m
FUZZTIME     ?= 10s
COUNT        ?= 3
BENCHTIME    ?= 1s
SEEDS        ?= 5000
SEED         ?=
OUTAGE       ?= 60s
RATE         ?= 1000
LOAD         ?=
COMPARE      ?=
ARGS         ?=
IMAGE        ?= chatnode

# What the image says of itself: the last tag, and the commit.
VERSION      ?= $(shell git describe --tags --dirty 2>/dev/null || echo devel)
COMMIT       ?= $(shell git rev-parse --short=12 HEAD 2>/dev/null)

# One pinned version of the linters, built once into .tools.
LINT_VERSION := 2.12.2
LINT         := $(TOOLS)/golangci-lint-$(LINT_VERSION)

# The cache finds results by content, but they contain file paths. A cache shared with other checkouts would therefore
# report their paths, so this tree has a separate cache.
export GOLANGCI_LINT_CACHE := $(CURDIR)/$(TOOLS)/lint-cache

# The programs of both modules.
PROGRAMS_GO  := ./node/chatnode ./ops/loadtest ./ops/compare ./ops/compare/peer ./ops/sizing

# Programs that the tests run, and the Debian packages that contain them.
PROGRAMS     := redis-server redis-sentinel redis-cli chromium haproxy nginx prometheus
PACKAGES     := redis-server redis-sentinel redis-tools chromium haproxy nginx-light prometheus

.PHONY: help
help: ## list all targets
	@echo "chatnode: WebSocket chat server for one or many nodes"
	@echo
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-7s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: run
run: build ## start a node with its web client at http://localhost:3001, data in ./data
	@PORT=$(PORT) DATA_DIR=$(DATA_DIR) exec $(BIN)

.PHONY: build
build: ## build bin/chatnode, a static binary
	@CGO_ENABLED=0 $(GO) build -trimpath -o $(BIN) ./node/chatnode

# -count=1: the end-to-end tests build the node themselves, so a cached result may belong to an older version.
.PHONY: test
test: programs ## run all tests with the race detector; installs the programs that the tests need
	@$(call tool,gotestsum) --format pkgname --format-hide-empty-pkg --hide-summary skipped --raw-command -- \
	  $(BOTH) '$(PKG)' $(GO) test -race -count=1 -timeout $(TIMEOUT) -json

.PHONY: check
check: lint test ## run the linters and all tests, as CI does

.PHONY: lint
lint: $(LINT) ## run go vet, golangci-lint with gofumpt, and deadcode
	@$(BOTH) ./... $(GO) vet
	@$(BOTH) ./... $(CURDIR)/$(LINT) run --allow-parallel-runners
	@dead=$$($(BOTH) '$(PROGRAMS_GO)' $(call tool,deadcode)); [ -z "$$dead" ] || { echo "$$dead" >&2; exit 1; }

.PHONY: fmt
fmt: $(LINT) ## format the sources with gofumpt
	@$(BOTH) ./... $(CURDIR)/$(LINT) fmt

.PHONY: race
race: programs ## run all tests COUNT times in random order with the race detector
	@$(BOTH) '$(PKG)' $(GO) test -race -timeout 60m -shuffle=on -count=$(COUNT)

.PHONY: fuzz
fuzz: ## run every fuzz target for FUZZTIME
	@grep -rn --include='*_test.go' -oE '^func Fuzz[A-Za-z0-9_]+' actors transport node ops | \
	while IFS=: read -r file _ func; do \
	  echo "== $$(dirname $$file) $${func#func }"; \
	  $(BOTH) ./$$(dirname $$file) $(GO) test -run '^$$' -fuzz "^$${func#func }$$" -fuzztime $(FUZZTIME); \
	done

.PHONY: bench
bench: ## run all benchmarks, with allocations
	@$(BOTH) '$(PKG)' $(GO) test -timeout 60m -run '^$$' -bench . -benchmem -benchtime $(BENCHTIME) -p 1

.PHONY: sim
sim: ## run the simulation of whole nodes and the interleavings of clients on SEEDS seeds, or trace SEED
	@$(GO) test ./actors/simulation -run '^TestSimulation$$' -count=1 -timeout 60m -v $(if $(SEED),-sim.seed $(SEED),-sim.seeds $(SEEDS))
	@[ -n "$(SEED)" ] || $(GO) test ./actors/actorstest/nodetest -run '^TestAnyInterleaving$$' -count=1 -timeout 60m -v -interleavings $(SEEDS)

.PHONY: mutants
mutants: ## run the mutation tests; prints the invariant and seed that detect each mutant
	@$(GO) -C ops test ./mutants -count=1 -timeout 60m -v

.PHONY: chaos
chaos: programs ## run the fault-injection tests, with an outage of OUTAGE at RATE messages per second
	@CHATNODE_OUTAGE=$(OUTAGE) CHATNODE_RATE=$(RATE) $(GO) -C ops test ./chaos -count=1 -timeout 60m -v

# The node chooses a free port and logs it.
.PHONY: load
load: build ## start a node and run a load test that audits every message; LOAD=-h lists the flags
	@$(GO) -C ops build -o ../bin/loadtest ./loadtest
	@dir=$$(mktemp -d); \
	HOST=127.0.0.1 PORT=0 DATA_DIR=$$dir/data RATE_LIMIT=off LOG_LEVEL=info LOG_FORMAT=json DRAIN_DELAY=0s $(BIN) >$$dir/log 2>&1 & node=$$!; \
	trap 'kill $$node 2>/dev/null || true; wait $$node || true; rm -rf "$$dir"' EXIT; \
	addr=; \
	while [ -z "$$addr" ]; do \
	  kill -0 $$node 2>/dev/null || { cat "$$dir/log" >&2; exit 1; }; \
	  addr=$$(sed -n '/"message":"serving"/s/.*"address":"\([^"]*\)".*/\1/p' "$$dir/log"); \
	  sleep 0.1; \
	done; \
	bin/loadtest -addr "$$addr" $(LOAD)

.PHONY: compare
compare: programs ## measure the cost of a node and of reference servers, in alternation; COMPARE=-h lists the flags
	@$(GO) -C ops build -o ../bin/compare ./compare
	@bin/compare $(COMPARE)

.PHONY: sizing
sizing: ## compute nodes, Redis masters and price for a number of connections; ARGS=-h lists the flags
	@$(GO) -C ops build -o ../bin/sizing ./sizing
	@bin/sizing $(ARGS)

.PHONY: image
image: ## build the container image
	@docker build --build-arg VERSION=$(VERSION) --build-arg COMMIT=$(COMMIT) --tag $(IMAGE) .

.PHONY: clean
clean: ## remove build output; ./data stays
	@rm -rf bin $(TOOLS)
	@$(GO) clean -testcache

# Installs missing programs if apt-get can. Otherwise the tests that need them fail with a message.
.PHONY: programs
programs:
	@missing=; for p in $(PROGRAMS); do \
	  PATH="$$PATH:/usr/sbin" command -v $$p >/dev/null || missing=1; \
	done; \
	[ -n "$$missing" ] || exit 0; \
	sudo=; [ "$$(id -u)" = 0 ] || sudo='sudo -n'; \
	if command -v apt-get >/dev/null && $$sudo true 2>/dev/null; then \
	  $$sudo apt-get update -qq; \
	  $$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $(PACKAGES) >/dev/null; \
	else \
	  echo "programs are missing; install them with: apt-get install $(PACKAGES)" >&2; \
	fi

# Uses an installed golangci-lint if it has the pinned version.
$(LINT):
	@mkdir -p $(TOOLS)
	@have=$$($(GO) env GOPATH)/bin/golangci-lint; \
	if [ "$$($$have version --short 2>/dev/null)" = "$(LINT_VERSION)" ]; then \
	  cp $$have $@; \
	else \
	  GOBIN=$(CURDIR)/$(TOOLS) $(GO) install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v$(LINT_VERSION); \
	  mv $(TOOLS)/golangci-lint $@; \
	fi
