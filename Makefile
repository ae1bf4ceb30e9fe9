# Two commands: `make app` serves the web chat, `make test` runs the tests; each sets up what it needs.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: help setup app test check format clean
help:
	@echo "make app    set up, then serve the web chat on http://127.0.0.1:7860"
	@echo "make test   set up, then run all tests"
	@echo "make check  set up, then ruff, mypy --strict and import-linter"
	@echo "make format let ruff lay the code out"
	@echo "make clean  remove what make has made"

setup: $(VENV)/.ready

# torch first and alone: a pinned version brings the CPU build, a range would bring gigabytes of CUDA.
$(VENV)/.ready: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "smallprint needs Python 3.11 or newer: make PYTHON=python3.11 $(MAKECMDGOALS)"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "setting up $(VENV): a few minutes the first time"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt torch
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@

app: setup
	@$(BIN)/python app.py

test: setup
	@$(BIN)/python -m pytest -n auto --maxprocesses 4 --dist loadfile

check: setup
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

format: setup
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

clean:
	rm -rf $(VENV) build *.egg-info .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
