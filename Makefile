# The commands that README.md names. Everything is installed below this folder.
.PHONY: setup run test check bench chaos mutations types audit licences lock clean

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SOURCES := $(shell find static -path static/dist -prune -o -type f -print 2>/dev/null)

setup: .make/python .make/node .make/bundle

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

.make/bundle: .make/node $(SOURCES)
	npm run --silent build
	@touch $@

run: setup
	@exec $(BIN)/python -m embedded run --stop-with-parent

check: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	npm run --silent lint

test: check
	npm run --silent test
	$(BIN)/python -m tests.machine
	$(BIN)/pytest --numprocesses=2 --dist=loadfile

chaos: setup
	$(BIN)/pytest -m chaos --timeout=3600 tests/chaos tests/database tests/fuzz

# Breaks every rule of the database in turn and prints which of its tests noticed.
mutations: setup
	$(BIN)/pytest -m chaos --timeout=3600 --capture=no tests/database/test_mutations.py

bench: setup
	$(BIN)/python -m bench

# Writes tests/types/database_rows.py from the migrations.
types: setup
	$(BIN)/python -m tests.types.row_types

# Asks the registries for known vulnerabilities in what is pinned. Needs their network, so `make test` doesn't.
audit: setup
	$(BIN)/uv tool run --quiet --from 'pip-audit>=2.10,<3' pip-audit --strict --disable-pip --require-hashes --requirement requirements-dev.txt
	npm audit --audit-level=moderate

# Writes docs/licences.md.
licences: setup
	$(BIN)/python docs/licences.py

# Pins every dependency with hashes; no index address is written.
lock: .make/python
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header pyproject.toml -o requirements.txt
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --group dev pyproject.toml -o requirements-dev.txt
	npm install --package-lock-only

clean:
	rm -rf .make $(VENV) node_modules static/dist
