# Everything one can do here. `make` alone prints it.

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

# What `make run` uses; override on the command line: make run PORT=8080
PORT         ?= 3001
DATA_DIR     ?= ./data

# How long and how often: make fuzz FUZZTIME=1m, make race COUNT=10, make test PKG=./actors/..., make sim SEED=42,
# make chaos OUTAGE=5m RATE=2000, make load LOAD='-n 5000 -rate 1000', make compare COMPARE='-n 10000 -rates 5,20', make sizing ARGS='-connections 1e6'
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

# The linters, one pinned version, built once into .tools.
LINT_VERSION := 2.12.2
LINT         := $(TOOLS)/golangci-lint-$(LINT_VERSION)

# Findings are remembered by content but name files by path: a cache that other checkouts share reports what stood in
# theirs. This one belongs to the tree.
export GOLANGCI_LINT_CACHE := $(CURDIR)/$(TOOLS)/lint-cache

# The programs of both modules.
PROGRAMS_GO  := ./node/chatnode ./ops/loadtest ./ops/compare ./ops/compare/peer ./ops/sizing

# Programs that the tests drive, and the Debian packages that hold them.
PROGRAMS     := redis-server redis-sentinel redis-cli chromium haproxy nginx prometheus
PACKAGES     := redis-server redis-sentinel redis-tools chromium haproxy nginx-light prometheus

.PHONY: help
help: ## print this
	@echo "chatnode: one chat, any number of nodes"
	@echo
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-7s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: run
run: build ## start a node with its web client at http://localhost:3001, data in ./data
	@PORT=$(PORT) DATA_DIR=$(DATA_DIR) exec $(BIN)

.PHONY: build
build: ## compile bin/chatnode: static, one file
	@CGO_ENABLED=0 $(GO) build -trimpath -o $(BIN) ./node/chatnode

# -count=1: the end-to-end tests build the node themselves, so a cached result may be of an older one.
.PHONY: test
test: programs ## all tests under the race detector, what they drive installed first
	@$(call tool,gotestsum) --format pkgname --format-hide-empty-pkg --hide-summary skipped --raw-command -- \
	  $(BOTH) '$(PKG)' $(GO) test -race -count=1 -timeout $(TIMEOUT) -json

.PHONY: check
check: lint test ## what CI runs: format, vet, linters, then all tests

.PHONY: lint
lint: $(LINT) ## gofumpt, vet, golangci-lint, and a search for functions that no program calls
	@$(BOTH) ./... $(GO) vet
	@$(BOTH) ./... $(CURDIR)/$(LINT) run --allow-parallel-runners
	@dead=$$($(BOTH) '$(PROGRAMS_GO)' $(call tool,deadcode)); [ -z "$$dead" ] || { echo "$$dead" >&2; exit 1; }

.PHONY: fmt
fmt: $(LINT) ## rewrite the sources as gofumpt wants them
	@$(BOTH) ./... $(CURDIR)/$(LINT) fmt

.PHONY: race
race: programs ## the tests COUNT times over in random order under the race detector
	@$(BOTH) '$(PKG)' $(GO) test -race -timeout 60m -shuffle=on -count=$(COUNT)

.PHONY: fuzz
fuzz: ## every fuzz target for FUZZTIME
	@grep -rn --include='*_test.go' -oE '^func Fuzz[A-Za-z0-9_]+' actors transport node ops | \
	while IFS=: read -r file _ func; do \
	  echo "== $$(dirname $$file) $${func#func }"; \
	  $(BOTH) ./$$(dirname $$file) $(GO) test -run '^$$' -fuzz "^$${func#func }$$" -fuzztime $(FUZZTIME); \
	done

.PHONY: bench
bench: ## every benchmark, with allocations
	@$(BOTH) '$(PKG)' $(GO) test -timeout 60m -run '^$$' -bench . -benchmem -benchtime $(BENCHTIME) -p 1

.PHONY: sim
sim: ## SEEDS runs of the simulation and as many interleavings of clients, or the run of SEED with its trace
	@$(GO) test ./actors/simulation -run '^TestSimulation$$' -count=1 -timeout 60m -v $(if $(SEED),-sim.seed $(SEED),-sim.seeds $(SEEDS))
	@[ -n "$(SEED)" ] || $(GO) test ./actors/actorstest/nodetest -run '^TestAnyInterleaving$$' -count=1 -timeout 60m -v -interleavings $(SEEDS)

.PHONY: mutants
mutants: ## plant wrong changes in the actors and print which invariant each breaches, and at which seed
	@$(GO) -C ops test ./mutants -count=1 -timeout 60m -v

.PHONY: chaos
chaos: programs ## break a real cluster in every way; the outage lasts OUTAGE at RATE messages a second, and the table is printed
	@CHATNODE_OUTAGE=$(OUTAGE) CHATNODE_RATE=$(RATE) $(GO) -C ops test ./chaos -count=1 -timeout 60m -v

# The node takes a free port and says in its log which.
.PHONY: load
load: build ## start a node, put a load on it and audit every message; LOAD=-h prints what can be set
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
compare: programs ## a node beside reference servers, in alternation: what each costs; COMPARE=-h prints what can be set
	@$(GO) -C ops build -o ../bin/compare ./compare
	@bin/compare $(COMPARE)

.PHONY: sizing
sizing: ## how many nodes, how much Redis and money so many connections take; ARGS=-h prints what can be set
	@$(GO) -C ops build -o ../bin/sizing ./sizing
	@bin/sizing $(ARGS)

.PHONY: image
image: ## build the container image
	@docker build --build-arg VERSION=$(VERSION) --build-arg COMMIT=$(COMMIT) --tag $(IMAGE) .

.PHONY: clean
clean: ## remove what was built; ./data stays
	@rm -rf bin $(TOOLS)
	@$(GO) clean -testcache

# Installs what is missing where apt-get can; where it cannot, the tests that need it say so themselves.
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
	  echo "missing; install it with: apt-get install $(PACKAGES)" >&2; \
	fi

# One that is installed already is taken if it is the pinned version.
$(LINT):
	@mkdir -p $(TOOLS)
	@have=$$($(GO) env GOPATH)/bin/golangci-lint; \
	if [ "$$($$have version --short 2>/dev/null)" = "$(LINT_VERSION)" ]; then \
	  cp $$have $@; \
	else \
	  GOBIN=$(CURDIR)/$(TOOLS) $(GO) install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v$(LINT_VERSION); \
	  mv $(TOOLS)/golangci-lint $@; \
	fi
