# The README's commands are `make run` and `make test`. Nothing here needs a C
# compiler but `make race`, and nothing needs a system package but `make
# test-native`.

GO          ?= go
export CGO_ENABLED ?= 0

CROSS = linux/amd64 linux/arm64 darwin/arm64 darwin/amd64 windows/amd64 js/wasm

.PHONY: all build run test test-tiers stress race test-native cross bench bench-msgsend bench-dispatch bench-fp16 bench-compile bench-gc bench-stream bench-sizes bench-peers bench-textures generate fmt vet clean

all: build vet test

build: ## the commands, into bin/
	$(GO) build -trimpath -o bin/ ./cmd/...

run: ## the devices of this machine, then a kernel whose result is checked
	$(GO) run ./cmd/mtlinfo -selftest
	$(GO) run ./examples/saxpy

test: ## all tests; no C compiler, no system package
	$(GO) test ./...

# The packages whose tests run kernels; those of internal/simt choose the tier themselves.
KERNELS = ./internal/cpumetal ./internal/msl ./gpu ./dispatch ./docs ./examples/... ./cmd/...

test-tiers: ## tests that run kernels, on each tier of the engine alone
	ARUMINIUM_ENGINE=interp $(GO) test $(KERNELS)
	ARUMINIUM_ENGINE=jit $(GO) test $(KERNELS)

# The race detector needs a C compiler.
STRESS ?= 30m
SEED   ?= 0
stress: ## random kernels, made from SEED or the clock, on both tiers under the collector, the profiler and faults, for STRESS; and again under the race detector
	$(GO) test -tags stress -timeout 0 -run TestStress ./internal/simt -stress $(STRESS) -seed $(SEED)
	CGO_ENABLED=1 $(GO) test -race -tags stress -timeout 0 -run TestStress ./internal/simt -stress $(STRESS) -seed $(SEED)

race: ## all tests under the race detector, which needs a C compiler
	CGO_ENABLED=1 $(GO) test -race -short ./...

test-native: ## the native side of message sends as far as this machine has it; machine code of kernels on arm64
	./scripts/test-native

cross: ## builds and vets for every platform
	@set -e; for p in $(CROSS); do \
		echo "build and vet $$p"; \
		GOOS=$${p%/*} GOARCH=$${p#*/} $(GO) build ./...; \
		GOOS=$${p%/*} GOARCH=$${p#*/} $(GO) vet ./...; \
	done
	@echo "build and vet darwin/arm64 with -tags embedded"
	@GOOS=darwin GOARCH=arm64 $(GO) build -tags embedded ./...
	@GOOS=darwin GOARCH=arm64 $(GO) vet -tags embedded ./...

bench: ## message cost, dispatch latency, kernels against plain Go loops
	cd bench && $(GO) run .

bench-msgsend: ## a message, alone and in lists, against purego, cgo and C; installs what it needs
	./scripts/bench-msgsend

bench-dispatch: ## launches on the CPU device and on a native runtime, with the chart in docs/; installs what it needs
	./scripts/bench-dispatch -charts ../docs

bench-fp16: ## conversions of halves against a memory copy and C, with the chart in docs/
	cd bench && $(GO) run . -charts ../docs fp16

bench-stream: ## memory bandwidth of kernels against C with as many threads
	cd bench && $(GO) run . stream

bench-gc: ## the collector beside kernels
	cd bench && $(GO) run . gc

bench-sizes: ## kernels by the number of threads, tier and processors, with the charts in docs/
	cd bench && $(GO) run ./sizes -charts ../docs

bench-compile: ## source to pipeline, against clang
	cd bench && $(GO) run . compile

bench-peers: ## kernels against PoCL and gcc, with the chart in docs/; installs what it needs
	./scripts/bench-peers

bench-textures: ## kernels on textures against gcc; installs what it needs
	./scripts/bench-peers -suite textures

generate: ## the generated files, anew
	$(GO) generate ./...

fmt:
	gofmt -l -w $$(git ls-files '*.go')

vet:
	$(GO) vet ./...
	@test -z "$$(gofmt -l $$(git ls-files '*.go'))" || { echo "not gofmt'ed:"; gofmt -l $$(git ls-files '*.go'); exit 1; }

clean:
	rm -rf bin
