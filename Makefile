# make serve   everything a fresh machine needs, then a running hub with a demo project
# make test    everything CI runs          make check   the fast part of it, under two minutes
.DEFAULT_GOAL := help
.PHONY: help serve test check check_python check_client check_units format protocol bench wheel client native services clean

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
RUN := $(BIN)/python
CLIENT := $(RUN) web_client/build.py
# The tests start a hundred hubs: where bytecode is never kept, each would compile all of its sources.
export PYTHONDONTWRITEBYTECODE :=

help:
	@sed -n 's/^# //p' Makefile

$(VENV)/.runtime: requirements.lock requirements-node.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "TwinSpace Hub needs Python 3.11 or newer; set PYTHON=/path/to/it")'
	@test -x $(RUN) || $(PYTHON) -m venv $(VENV) || { echo "Python can't make a virtual environment: apt-get install python3-venv"; exit 1; }
	$(RUN) -m pip install --quiet --require-hashes --requirement requirements.lock
	@$(CLIENT) has-node || $(RUN) -m pip install --quiet --require-hashes --requirement requirements-node.lock
	@touch $@

$(VENV)/.dev: $(VENV)/.runtime requirements-dev.lock
	$(RUN) -m pip install --quiet --require-hashes --requirement requirements-dev.lock
	@touch $@

serve: $(VENV)/.runtime client native
	$(RUN) -m hub serve --demo

client: $(VENV)/.runtime
	$(CLIENT) build

native: $(VENV)/.runtime
	@$(RUN) -m hub.native_build

services:
	sh tests/install_services.sh

# What fails among many is looked at again alone (tests/second_look.py). Lines are shaped and media is judged in
# tests/network: alone, since their networks come and go under other browsers.
test: $(VENV)/.dev services native check client
	$(RUN) -m tests.second_look --numprocesses auto --maxprocesses 4 --dist worksteal --durations 40 -m "slow or browser or services" --ignore tests/network
	$(RUN) -m tests.second_look tests/network

# Three things that use a core each for most of their time.
check: $(VENV)/.dev native
	@$(MAKE) --no-print-directory --jobs 3 --output-sync=line check_python check_client check_units

check_python:
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

check_client:
	$(CLIENT) run check
	$(RUN) -m hub.openapi | $(CLIENT) run schema -- --check

check_units:
	$(RUN) -m pytest --numprocesses auto -m "not slow and not browser and not services"

format: $(VENV)/.dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	$(CLIENT) run format

protocol: $(VENV)/.dev
	$(RUN) -m hub.openapi | $(CLIENT) run schema
	$(RUN) -m hub.roles_page > docs/roles.md
	$(RUN) -m hub.retention > docs/privacy/retention.md

wheel: $(VENV)/.dev
	$(RUN) -m pip wheel --quiet --no-deps --wheel-dir dist .

clean:
	rm -rf $(VENV) build dist hub/static web_client/node_modules
