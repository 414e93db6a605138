# Everything a newcomer needs: `make run` and `make test` each do their own set-up in a private .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8080

.PHONY: run build test lint bench screenshots clean help

help:
	@echo "make run    build the graph and serve it at http://127.0.0.1:$(PORT)/"
	@echo "make test   run all tests"
	@echo "make lint   ruff, mypy, format of the Turtle files"
	@echo "make bench  measure, print what was measured, and add it to benchmarks/results"
	@echo "make clean  remove what was made"

# One environment for everything, made anew when the dependencies change.
$(VENV)/.ready: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "wsiskg needs Python 3.11 or later; $(PYTHON) is older. Use: make PYTHON=python3.12 ..."; exit 2; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || \
		{ echo "Python's venv module is missing. On Debian: apt-get install python3-venv"; exit 2; }
	$(PYTHON) -m venv --clear $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[test,lint]'
	@touch $@

# The script of the pages. They work without it, so it is left out where there is no npm.
SCRIPT := server/wsiskg/web/static/ui.js
$(SCRIPT): server/ui/package-lock.json server/ui/package.json $(wildcard server/ui/*.mjs server/ui/src/*)
	@if command -v npm >/dev/null; then \
		cd server/ui && npm ci --no-audit --no-fund --loglevel=error && npm run --silent check && npm run --silent build; \
	else echo "npm is missing: the pages go without their script"; fi

build: $(VENV)/.ready $(SCRIPT)
	$(BIN)/wsiskg build

run: build
	$(BIN)/wsiskg serve --port $(PORT)

test: $(VENV)/.ready $(SCRIPT)
	$(BIN)/pytest -n auto --dist loadfile

lint: $(VENV)/.ready
	$(BIN)/ruff check server tests benchmarks
	$(BIN)/ruff format --check server tests benchmarks
	$(BIN)/mypy
	$(BIN)/wsiskg fmt --check

bench: $(VENV)/.ready
	$(BIN)/python benchmarks/run.py

# Pictures of the pages in build/screenshots, from a server of its own.
screenshots: build
	$(BIN)/wsiskg serve --port 8099 & server=$$!; trap "kill $$server" EXIT; \
	for i in 1 2 3 4 5 6 7 8 9 10; do sleep 1; curl -sf http://127.0.0.1:8099/health >/dev/null && break; done; \
	$(BIN)/python benchmarks/screenshots.py http://127.0.0.1:8099

clean:
	rm -rf $(VENV) build dist wsiskg-data wsiskg-data-* .pytest_cache .mypy_cache .ruff_cache .hypothesis
