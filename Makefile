# PulseScore: `make demo` shows it, `make test` proves it. Needs Python 3.11 or newer with venv.
PYTHON ?= python3
DEMO_PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
NODE_CHECK := tests/contract/segment_node
# uv installs within seconds what takes pip a minute and a half; it is used where it is at hand.
UV := $(shell uv --version >/dev/null 2>&1 && echo uv)
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet --no-compile
INSTALL = $(if $(UV),$(UV) pip install --quiet --python $(BIN)/python $(1) || $(PIP) $(1),$(PIP) $(1))

# Tests start many processes, which need not compile the same modules again and again.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo install test lint format bench screenshots lock browser clean

demo: $(VENV)/.runtime ## Start everything with a simulated Intercom workspace
	@exec $(BIN)/pulsescore demo --port $(DEMO_PORT)

install: $(VENV)/.dev ## Make the environment of the tests

# Journeys run apart: a browser's driver keeps an event loop running in its process.
test: $(VENV)/.dev browser $(NODE_CHECK)/node_modules ## Run every test
	$(BIN)/python -m pytest -n 2 --dist loadscope --no-loadscope-reorder --reuse-db --create-db --ignore tests/journeys
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder --reuse-db tests/journeys

lint: $(VENV)/.dev ## Style, types, import directions
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(VENV)/.dev ## Let the formatter do its work
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(VENV)/.dev ## Run the benchmarks; one by NAME=first_sync
	$(BIN)/python -m benchmarks $(NAME)

screenshots: $(VENV)/.dev browser ## Photograph every page into screenshots/
	$(BIN)/python -m tools.screenshots

lock: ## Refresh the locked versions
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-annotate --no-header pyproject.toml -o requirements.lock
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --group dev pyproject.toml -o requirements-dev.lock

browser: $(VENV)/.dev
	@$(BIN)/python tools/find_browser.py

# One test sends calls with a library for Node; without npm it is skipped and says so.
$(NODE_CHECK)/node_modules: $(NODE_CHECK)/package-lock.json
	@if command -v npm >/dev/null; then \
		cd $(NODE_CHECK) && npm ci --ignore-scripts --no-audit --no-fund --silent || echo "Left out: what npm could not fetch."; \
	fi

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "PulseScore needs Python 3.11 or newer: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.runtime: requirements.lock pyproject.toml | $(VENV)/bin/python
	@echo "Installing PulseScore (once) ..."
	@$(call INSTALL,--require-hashes -r requirements.lock)
	@$(call INSTALL,--no-deps --editable .)
	@touch $@

$(VENV)/.dev: requirements-dev.lock pyproject.toml | $(VENV)/bin/python
	@echo "Installing what the tests need (once) ..."
	@$(call INSTALL,--require-hashes -r requirements-dev.lock)
	@$(call INSTALL,--no-deps --editable .)
	@touch $@ $(VENV)/.runtime

clean: ## Remove the virtual environment and what tools left behind
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache screenshots
