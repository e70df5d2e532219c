# What one does with this project. `make` alone lists it; a fresh clone needs Python 3.11+ with venv, make and git.
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
TYPED := services shared cli deploy bench examples tests
LOCKED := --python-version 3.11 --generate-hashes --no-header --no-annotate --quiet
# Without --compile: Python compiles what is used when it is used, and setting up takes a quarter less.
QUIET := --no-compile --quiet --no-input --disable-pip-version-check --root-user-action=ignore

# With -j each check's output stays together (make 4; older ones print as it comes).
ifneq ($(filter output-sync,$(.FEATURES)),)
MAKEFLAGS += --output-sync=target
endif

.PHONY: help setup lock up down demo check test bench clean
.PHONY: check-format check-lint check-types check-imports check-pages check-compose

help: ## this list
	@sed -n 's/^\([a-z]*\):[^#]*## \(.*\)/  make \1	\2/p' $(firstword $(MAKEFILE_LIST)) | expand -t 16

setup: $(INSTALLED) ## .venv with the locked packages and the command .venv/bin/voc; PYTHON=python3.13 makes it of another Python

demo: $(INSTALLED) ## start everything, tell the example's story, leave it running
	@$(BIN)/voc demo

up: $(INSTALLED) ## start the local stack: Kafka, PostgreSQL and the services
	@$(BIN)/voc up

down: $(INSTALLED) ## stop the local stack; what it stored stays
	@$(BIN)/voc down

test: $(INSTALLED) ## all tests, on a Kafka and a PostgreSQL of their own
	@$(BIN)/pytest

check: check-format check-lint check-types check-imports check-pages check-compose ## what CI checks besides the tests

bench: $(INSTALLED) ## measure against the ceilings of this machine: a quarter of an hour or more; `python -m bench --quick` is shorter
	@$(BIN)/python -m bench

lock: ## for maintainers: choose the newest packages that fit and lock them by hash (needs uv)
	@command -v uv >/dev/null || { echo "uv is not here: get it by \`pipx install uv\` and run make lock again."; exit 1; }
	uv pip compile pyproject.toml --all-extras --universal --upgrade $(LOCKED) --output-file requirements.lock
	uv pip compile pyproject.toml --universal $(LOCKED) --constraint requirements.lock \
		--output-file deploy/docker/requirements.lock

clean: ## delete the caches and .venv; the stacks in .voc and .voc-demo stay
	@rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache build *.egg-info
	@find . -name __pycache__ -not -path './.voc*' -type d -prune -exec rm -rf {} +

check-format: $(INSTALLED)
	@$(BIN)/ruff format --check --quiet . || { echo "Not formatted: .venv/bin/ruff format ."; exit 1; }

check-lint: $(INSTALLED)
	@$(BIN)/ruff check --quiet .

check-types: $(INSTALLED)
	@$(BIN)/mypy $(wildcard $(TYPED))

check-imports: $(INSTALLED)
	@$(BIN)/lint-imports --no-logo --cache-dir .import_linter_cache

# Pages that are made from tables in the code, and those that tests hold against it.
check-pages: $(INSTALLED)
	@$(BIN)/python -m shared.metrics.page --check docs/metrics.md
	@$(BIN)/python -m shared.events.page --check docs/events.md
	@$(BIN)/python -m shared.kafka.asyncapi --check docs/asyncapi.yaml

check-compose: $(INSTALLED)
	@$(BIN)/check-jsonschema --builtin-schema vendor.compose-spec docker-compose.yml

# Where a Python was named that .venv is not of, .venv is made anew from it.
VERSION := -c 'import platform; print(platform.python_version())' 2>/dev/null
ifneq ($(origin PYTHON),file)
ifneq ($(shell $(PYTHON) $(VERSION)),$(shell $(BIN)/python $(VERSION)))
ANOTHER := yes
.PHONY: $(INSTALLED)
endif
endif

# Made anew when the lock or the project's own description has changed. The lock is complete: nothing is resolved.
$(INSTALLED): requirements.lock pyproject.toml
	@command -v $(PYTHON) >/dev/null || { \
		echo "$(PYTHON) is not here: install Python 3.11 or later, or name one: make PYTHON=/path/to/python3.12"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "$$($(PYTHON) --version) is too old: this needs 3.11 or later; name one: make PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "$(PYTHON) comes without venv: install it (Debian and Ubuntu: apt install python3-venv)."; exit 1; }
	@echo "Installing the locked packages into $(VENV) (about a minute the first time) ..."
	@{ test -z "$(ANOTHER)" && $(BIN)/python -m pip --version >/dev/null 2>&1; } || $(PYTHON) -m venv --clear $(VENV)
	@$(BIN)/python -m pip install $(QUIET) --no-deps --require-hashes --requirement requirements.lock
	@$(BIN)/python -m pip install $(QUIET) --no-deps --no-build-isolation --config-settings editable_mode=compat --editable .
	@touch $@
