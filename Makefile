# The doors of this checkout. A bare machine needs Python 3.11+ with venv, make and Node 20.19+; the first
# recipe checks and says what to install. Nothing here needs root.
#
#   make demo        start everything with the demo nation, print where to go
#   make clean-demo  delete it, once it is stopped
#   make test        every test that is not marked long (TESTS=... for some, PYTEST_FLAGS=... for pytest)
#   make test-long   the ones that are
#   make check       lint, types, layers, licences, rules
#   make bench       measure against named peers
#   make docs        check the documents' links
#
# DATABASE_URL points demo and tests to a PostgreSQL of your own instead of the embedded one.

ifndef PYTHON
PYTHON := $(shell sh scripts/find_python.sh)
endif
DEMO_HOME ?= $(CURDIR)/.demo
TEST_WORKERS ?= 2
TESTS ?= tests
PYTEST_FLAGS ?=
BENCH_FLAGS ?=

IN := .venv/bin/
PYTEST = CETS_TEST_BROWSER="$$browser" $(IN)python -m pytest -n $(TEST_WORKERS) --dist worksteal $(PYTEST_FLAGS)

.PHONY: help machine demo clean-demo test test-long check bench docs environment-product environment-dev front-end
.DEFAULT_GOAL := help

help:
	@sed -n 's/^#   //p' Makefile

# Said before anything is installed: all that is missing.
machine:
	@test -n "$(PYTHON)"
	@"$(PYTHON)" scripts/frontend.py --check

environment-product environment-dev: environment-%:
	@test -n "$(PYTHON)"
	@"$(PYTHON)" scripts/environment.py $*

front-end: | environment-product
	@$(IN)python scripts/frontend.py

demo: machine environment-product front-end
	@exec $(IN)cets demo --home "$(DEMO_HOME)"

clean-demo: environment-product
	@$(IN)python scripts/clean_demo.py "$(DEMO_HOME)"

test: machine environment-dev front-end
	@browser=$$($(IN)python scripts/browser.py) && $(PYTEST) -m "not long" $(TESTS)

test-long: machine environment-dev front-end
	@browser=$$($(IN)python scripts/browser.py) && $(PYTEST) -m long $(TESTS)

check: machine environment-dev front-end
	$(IN)ruff check .
	$(IN)ruff format --check .
	$(IN)mypy
	$(IN)lint-imports
	$(IN)python scripts/licences.py
	$(IN)python scripts/links.py
	@browser=$$($(IN)python scripts/browser.py) && $(PYTEST) -m "not long" tests/rules

bench: machine environment-dev front-end
	$(IN)python -m bench $(BENCH_FLAGS)

docs: environment-dev
	$(IN)python scripts/links.py
