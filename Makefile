# Go alone builds, runs and tests track15. npm, where it is there, adds htmx,
# the draft editor, the fonts and the accessibility tests.

export CGO_ENABLED := 0
export INSTALL

TOOL := go tool -modfile=tools/go.mod
BUILD := go build -trimpath
SOURCES = $(shell find . -name '*.go' -not -path './node_modules/*' -not -name '*_templ.go')

.PHONY: help
help: ## what can be made
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1	\2/p' $(MAKEFILE_LIST) | expand -t 16

.PHONY: run
run: bundle ## start the demonstration: both sites, with data
	go run ./cmd/track15 demo

.PHONY: test
test: bundle ## every test, on both databases and in a real browser
	@tools/prepare
	go test -timeout 20m ./...
	go -C tools test ./...

.PHONY: check
check: bundle fresh formatted ## what a change must pass: generated code fresh, formatted, vetted
	go vet ./...
	go -C tools vet ./...
	$(TOOL) staticcheck ./...

.PHONY: build
build: bundle ## both programs: bin/track15 and bin/track15-public
	$(BUILD) -o bin/track15 ./cmd/track15
	$(BUILD) -o bin/track15-public ./cmd/track15-public

.PHONY: bench
bench: bundle ## measure on 100,000 generated rounds: requests, release, import, start, memory
	go run ./cmd/internal/bench

.PHONY: generate
generate: ## write the Go code of the templ files
	$(TOOL) templ generate -path views

.PHONY: fmt
fmt: ## format Go and templ files
	@$(TOOL) gofumpt -w $(SOURCES)
	@$(TOOL) templ fmt views

.PHONY: clean
clean: ## remove what was built
	rm -rf bin node_modules
	find assets/dist -type f -not -name .gitkeep -delete

# Style sheets, scripts and fonts, as the programs embed them.
.PHONY: bundle
bundle: node_modules/.package-lock.json
	@go -C tools run ./bundle

# npm is not needed: without it, or when it reaches no registry, one line says
# what is missing.
node_modules/.package-lock.json: package.json package-lock.json
	@command -v npm >/dev/null || { echo "npm is not here: no htmx, draft editor, fonts or accessibility tests"; exit 0; }; \
	npm ci --ignore-scripts --no-progress >/dev/null 2>&1 && touch $@ || echo "npm ci did not succeed: no htmx, draft editor, fonts or accessibility tests"

# Code generated from templ files must be what the generator writes now.
.PHONY: fresh
fresh:
	@sums() { find views -name '*_templ.go' -exec cksum {} + | sort; }; \
	before=$$(sums); $(TOOL) templ generate -path views >/dev/null || exit 1; \
	[ "$$before" = "$$(sums)" ] || { echo "generated code was not fresh: commit what make generate wrote"; exit 1; }

.PHONY: formatted
formatted:
	@loose=$$($(TOOL) gofumpt -l $(SOURCES)); \
	[ -z "$$loose" ] || { echo "not formatted, run make fmt:"; echo "$$loose"; exit 1; }
	@$(TOOL) templ fmt -fail views >/dev/null || { echo "templ files were not formatted: run make fmt"; exit 1; }
