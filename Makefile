# Every target sets up what it needs: a Python >= 3.11 is all that must be there.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
CODE := app migrations tests tools bench
# A process a core, but at most six: they share one server and its hundred connections.
TEST_PROCESSES ?= auto
# Tests start many processes: each would compile the service anew where it is not kept compiled.
export PYTHONDONTWRITEBYTECODE :=
PYTEST := $(BIN)/python -m pytest --numprocesses $(TEST_PROCESSES) --maxprocesses 6 --dist loadfile --no-loadscope-reorder

.PHONY: help setup demo serve test check fix docs lock db soak bench load clean reads mutate audit secrets

help: ## list the targets
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 10

$(VENV)/.ready: requirements/dev.txt pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed: make PYTHON=python3.11 ...") if sys.version_info < (3, 11) else None'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

setup: $(VENV)/.ready ## install the locked dependencies into .venv

demo: setup ## show everything on synthetic cases, then serve it
	$(BIN)/nacor demo

serve: setup ## run the service on http://127.0.0.1:8000
	$(BIN)/nacor serve

db: setup ## print the address of the database, started if need be
	$(BIN)/nacor database url

test: setup ## run the tests
	$(PYTEST)

soak: setup ## run the long tests too
	$(PYTEST) -m "soak or not soak" --hypothesis-profile=default

check: setup ## what CI runs: format, lint, types, imports, secrets, known holes, migrations, tests
	$(BIN)/ruff format --check $(CODE)
	$(BIN)/ruff check $(CODE)
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python tools/scan_secrets.py
	$(BIN)/python tools/audit.py --go-on-offline
	NACOR_DATABASE_URL="$$($(BIN)/nacor database url)" sh -c '$(BIN)/nacor migrate && $(BIN)/alembic check'
	$(PYTEST)

fix: setup ## format, and mend what can be mended by itself
	$(BIN)/ruff format $(CODE)
	$(BIN)/ruff check --fix $(CODE)

audit: setup ## ask PyPI whether a locked dependency has a known hole
	$(BIN)/python tools/audit.py

secrets: setup ## look for keys and passwords in what is committed
	$(BIN)/python tools/scan_secrets.py

docs: setup ## write the reference pages that come from the code
	$(BIN)/python tools/write_reference.py

bench: setup ## measure against xmllint and psql, and print the ratios
	$(BIN)/python -m bench

reads: setup ## measure reading, taking in and pages with 5,000,000 cases stored; takes 90 minutes and 20 GB
	$(BIN)/python -m bench.reads --keep
	$(BIN)/python -m bench.pages

load: setup ## send from many vendors at once, then prove that nothing is lost; LOAD="--seconds 600"
	$(BIN)/python -m bench.load $(LOAD)

mutate: setup ## change what decides in small ways and count what its tests notice, half an hour at most; MUTANTS="app.measures.peer_*"
	rm -rf mutants
	-timeout --signal=INT 1800 $(BIN)/mutmut run --max-children $${MUTANTS_AT_ONCE:-2} $(MUTANTS)
	$(BIN)/python tools/write_mutation_score.py $(MUTANTS)

lock: setup ## lock the newest allowed dependencies, with hashes
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --upgrade --no-header --quiet --extra dev pyproject.toml -o requirements/dev.txt
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --quiet --extra s3 pyproject.toml -c requirements/dev.txt -o requirements/run.txt

clean: ## remove what was set up; the data in var/ stays
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
