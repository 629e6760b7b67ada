# Two commands matter: `make run` and `make test`. Both install into .venv first; both are safe to repeat.
PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/installed
HOME_DIR ?= data
# Half of the time the tests wait for servers: they run in several processes, each with its own ports and folders.
SIDE_BY_SIDE := -n auto --maxprocesses 4 --dist worksteal

.DEFAULT_GOAL := help
.PHONY: help install run test quick drill check format accuracy bench lock clean

help: ## show this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-9s %s\n", $$1, $$2}'

install: $(STAMP) ## install everything into .venv (pinned versions, checked hashes)

# --no-deps: the lock is complete, and older pips stumble over extras when they check hashes.
$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; say PYTHON=python3.12 make ..." >&2; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "Installing into .venv (about 150 packages; the first time takes a minute or two) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@$(BIN)/python -m pip check
	@touch $@

run: install ## run the real flow over seeds/, served as live feeds on loopback, into ./data
	@$(BIN)/python seeds/newsroom.py -- $(BIN)/parley run --watch seeds/watch.toml --home $(HOME_DIR) --embedded

test: install ## the whole test suite
	@$(BIN)/python -m pytest -q -m "not drill" $(SIDE_BY_SIDE)

quick: install ## the tests that start no servers and kill nothing
	@$(BIN)/python -m pytest -q -m "not slow and not drill" $(SIDE_BY_SIDE)

drill: install ## the drills that take long (hundreds of kills)
	@$(BIN)/python -m pytest -q -m drill --timeout=3600

check: install ## formatting, lint, types, import walls
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

format: install ## put the code into its format
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

accuracy: install ## how right detection is, over all labelled articles; renews docs/accuracy.md
	@$(BIN)/python -m benchmarks.accuracy --write

bench: install ## the benchmarks: ratios within one run
	@$(BIN)/python -m benchmarks

lock: ## renew requirements.lock from pyproject.toml (needs uv)
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --group dev pyproject.toml -o requirements.lock --upgrade

clean: ## remove what running and testing left behind (keeps .venv)
	rm -rf $(HOME_DIR) .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
