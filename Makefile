# The commands of this repository. `make test` is the one that must pass.

# What the checks need beside Go: a C compiler for the race detector, git for
# kith init and merges, age and a terminal to ask in (script) for what is sealed,
# Chromium for the browser tests, curl to ask a server as scripts do, strace to see
# what a command asks of the system, Neovim and Emacs for the language server, khard
# and its library to read what is exported. A program that is not named like its package
# has it behind a =.
NEEDS = gcc git age chromium curl strace nvim=neovim emacs=emacs-nox,elpa-eglot khard

.PHONY: test lint unit cross needs torture bench bench-peers demo fuzz dist

test: needs lint cross unit

# Formatting, vet, staticcheck. The tools are pinned in go.mod.
lint:
	@files=$$(go tool gofumpt -l cmd content internal templates); \
	if [ -n "$$files" ]; then echo "not formatted, run 'go tool gofumpt -w .':"; echo "$$files"; exit 1; fi
	go vet -tags browser ./...
	go tool staticcheck -tags browser ./...

# All tests with the race detector; then those in a browser, and those with
# hundreds of processes at their full number, which are other programs to it, and those
# that other programs read what kith writes.
unit:
	go test -race -timeout 12m ./...
	go test -tags browser -timeout 12m -run 'Browser|Editor|Dist|InGit|AtOnce|OtherPrograms' ./internal/cli ./internal/dist ./internal/exchange

# The attacks of which a part is in every run of the tests, at their full size.
torture: needs
	go test -tags torture -timeout 60m ./internal/...

# One static binary for each system.
cross:
	@for os in linux darwin windows; do \
		echo "go build for $$os"; \
		CGO_ENABLED=0 GOOS=$$os go build -o /dev/null ./cmd/kith || exit 1; \
	done

# What people install, in dist/: an archive for each system, and packages of Debian.
dist:
	go run ./internal/dist -out dist

# Installs what is lacking where it may, else says what to install.
needs:
	@for need in $(NEEDS); do \
		tool=$${need%%=*}; packages=$$(echo $${need#*=} | tr , ' '); \
		command -v $$tool >/dev/null && continue; \
		if command -v apt-get >/dev/null && [ "$$(id -u)" = 0 ]; then \
			echo "installing $$packages"; \
			{ apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $$packages; } >/dev/null || exit 1; \
		else \
			echo "kith's tests need $$tool: install it (on Debian: apt-get install $$packages)" >&2; exit 1; \
		fi; \
	done

# The Go benchmarks of each stage, then whole processes against what their work
# must cost at the least. `go doc ./internal/bench` says what else it measures:
# 30,000 contacts, a real disk, more runs.
bench:
	go test -run '^$$' -bench . -benchmem ./internal/...
	go run ./internal/bench -sizes 1000,10000

# The same work done by Hugo and Eleventy, which are installed into a cache.
bench-peers:
	go run ./internal/bench -run peers -sizes 1000,10000

# The demo journal, served.
demo:
	go run ./cmd/kith serve

# Each fuzz target for ten minutes.
fuzz:
	@for package in $$(grep -rl '^func Fuzz' --include='*_test.go' internal | xargs -n1 dirname | sort -u); do \
		for target in $$(grep -rhoE '^func Fuzz[A-Za-z]+' $$package | sed 's/func //'); do \
			go test -run '^$$' -fuzz "^$$target\$$" -fuzztime 10m ./$$package || exit 1; \
		done; \
	done
