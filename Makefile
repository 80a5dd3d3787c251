# Sillage. `make` alone lists what can be made; a machine needs Python 3.11+, git and make.

PYTHON ?= python3
ARGS   ?=
VENV   := .venv
BIN    := $(VENV)/bin

# uv installs in a fraction of the time. Where it has no wheel, or does not reach the index that pip reaches, pip does the same.
FROM_LOCK := --quiet --no-deps --require-hashes -r
ITSELF    := --quiet --no-deps --no-build-isolation -e .
UV        := $(BIN)/uv pip install --python $(BIN)/python
PIP       := $(BIN)/python -m pip install --disable-pip-version-check
# Locks name versions and hashes and no registry; the command below is what their first lines show.
LOCK      := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
             --no-annotate --custom-compile-command "make lock"

.DEFAULT_GOAL := help
.PHONY: help demo test lint format types floors check lock messages clean

help: ## List what can be made
	@sed -n 's/^\([a-z]*\):[^#]*## /\1\t/p' $(MAKEFILE_LIST) | while IFS='	' read -r name what; do \
	  printf '  make %-9s %s\n' "$$name" "$$what"; done

demo: $(VENV)/.run ## Load the sample world, run a brief, serve the site (ARGS=--no-serve ends after the shortlist)
	@$(BIN)/sillage demo $(ARGS)

test: $(VENV)/.dev ## Run the whole suite, or what ARGS names: make test ARGS=sillage/lib
	PYTHONDONTWRITEBYTECODE= $(BIN)/pytest -n logical --maxprocesses 4 --dist worksteal $(ARGS) # tests start the program many times

lint: $(VENV)/.dev ## Check style and formatting
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

format: $(VENV)/.dev ## Format, and mend what can be mended mechanically
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

types: $(VENV)/.dev ## Check types
	$(BIN)/mypy sillage

floors: $(VENV)/.dev ## Check who may import whom (the other house rules are tests: tests/house)
	$(BIN)/lint-imports --no-cache

check: lint types floors test ## All of these: what must be green before a commit

lock: $(VENV)/.uv ## Choose versions anew and write requirements/*.txt (ARGS=--upgrade takes newer ones)
	$(LOCK) $(ARGS) -o requirements/run.txt pyproject.toml
	$(LOCK) $(ARGS) -o requirements/dev.txt --group dev -c requirements/run.txt pyproject.toml
	$(LOCK) $(ARGS) -o requirements/ray.txt --extra ray -c requirements/run.txt pyproject.toml
	$(LOCK) $(ARGS) -o requirements/tools.txt --group pyproject.toml:tools

messages: $(VENV)/.dev ## Gather texts to translate, and compile what is translated (needs GNU gettext)
	cd sillage && DJANGO_SETTINGS_MODULE=sillage.front.settings ../$(BIN)/python -m django makemessages --locale fr --no-location --no-wrap --ignore '*/tests/*'
	msgfmt --check -o sillage/locale/fr/LC_MESSAGES/django.mo sillage/locale/fr/LC_MESSAGES/django.po

clean: ## Remove the environment and every cache; the data folder stays
	rm -rf $(VENV) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find sillage tests bench -name __pycache__ -prune -exec rm -rf {} +

# The environment. Its stamps are as old as the lock that it was made from, so a second run installs nothing.

$(VENV)/.run: requirements/run.txt
$(VENV)/.dev: requirements/dev.txt
$(VENV)/.run $(VENV)/.dev: pyproject.toml $(VENV)/.uv
	@echo "Installing from $(filter requirements/%,$^) ..." >&2
	@$(UV) $(FROM_LOCK) $(filter requirements/%,$^) || $(PIP) $(FROM_LOCK) $(filter requirements/%,$^)
	@$(UV) $(ITSELF) || $(PIP) $(ITSELF)
	@touch $@

$(VENV)/.uv: requirements/tools.txt | $(VENV)/pyvenv.cfg
	@$(PIP) $(FROM_LOCK) $< --only-binary :all: || echo "There is no uv for this machine: pip does its work." >&2
	@touch $@

$(VENV)/pyvenv.cfg:
	@command -v $(PYTHON) >/dev/null || { \
	  echo "There is no $(PYTHON) here. Install Python 3.11 or newer, or name one: make PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "Sillage needs Python 3.11 or newer, and $(PYTHON) is $$($(PYTHON) -V). Name another: make PYTHON=python3.12" >&2; \
	  exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo "$(PYTHON) cannot make environments. Install its venv package (Debian, Ubuntu: apt install python3-venv)." >&2; \
	  exit 1; }
	@$(PYTHON) -m venv $(VENV)
