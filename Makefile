# make demo     the whole job on simulated portals, with a status page      make demo ARGS=--once ends by itself
# make test     everything: style, types, import contracts, unit, integration and browser tests
# make help     all targets

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
ARGS   ?=
# One process of tests for each core; a file stays in one of them, with the servers that it started. The order is conftest.py's.
PARALLEL := -n auto --dist loadfile --no-loadscope-reorder
READY  := $(VENV)/.ready
WATCHERS := .venv-watchers/.ready

.PHONY: help demo test check style types contracts unit bench-crawl bench-export bench-flat bench-judge bench-plan bench-read bench-web country-db fuzz perturb storm country lock clean

help:  ## this list
	@grep -hE '^[a-z-]+:.*##' Makefile | sed -E 's/:.*##/\t/' | expand -t 14

demo: system-demo $(READY)  ## the whole job on simulated portals; ARGS=--once ends by itself
	@$(BIN)/python -m tests.demo $(ARGS)

test: system-test $(READY) check  ## style, types, contracts and all tests
	@$(BIN)/python -m pytest $(PARALLEL) $(ARGS)

check: style types contracts  ## what needs no test run

style: $(READY)  ## ruff: rules and format
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --check --quiet .

types: $(READY)  ## mypy --strict
	@$(BIN)/mypy --no-error-summary

contracts: $(READY)  ## the one-way imports
	@$(BIN)/lint-imports >$(VENV)/contracts.txt || { cat $(VENV)/contracts.txt; exit 1; }

unit: $(READY)  ## the tests that start no server
	@$(BIN)/python -m pytest $(PARALLEL) -m "not integration" $(ARGS)

bench-crawl: $(READY) $(WATCHERS)  ## our crawl against bare Scrapy, urlwatch and changedetection.io on the same pages
	@$(BIN)/python -m benchmarks.crawl --watchers .venv-watchers/bin $(ARGS)

bench-flat: $(READY)  ## memory of the crawl over 100,000 pages
	@$(BIN)/python -m benchmarks.flat $(ARGS)

bench-plan: $(READY)  ## a day of visits planned for 150,000 agencies
	@$(BIN)/python -m benchmarks.plan $(ARGS)

bench-judge: $(READY)  ## states judged a second and memory, for 750 and 3,000 agencies; ARGS="--agencies 6000"
	@$(BIN)/python -m benchmarks.judge $(ARGS)

country-db: $(READY)  ## an invented country of 150,000 agencies × 18 years in SQLite (GBs, minutes); ARGS="--agencies 3000 --anew"
	@$(BIN)/python -m benchmarks.country_db $(ARGS)

bench-web: system-bench $(READY)  ## the page under load on that country, on SQLite and PostgreSQL: p50, p95, p99, errors
	@$(BIN)/python -m benchmarks.web $(ARGS)

bench-read: $(READY)  ## reports read per second, memory, and our tables beside BeautifulSoup's and pdfplumber's
	@$(BIN)/python -m benchmarks.read

bench-export: $(READY)  ## memory, time and sizes of the full export; ARGS="--data-dir DIR --config DIR" or "--data-dir DIR --make 3000"
	@$(BIN)/python -m benchmarks.export $(ARGS)

fuzz: $(READY)  ## damaged files of one format, read under a time limit; ARGS="html --minutes 2 --seed 1"
	@$(BIN)/python -m tests.fuzz $(ARGS)

perturb: $(READY)  ## invented reports damaged in all the ways of real tables: cells right, open, wrong
	@$(BIN)/python -m tests.perturb $(ARGS)

storm: $(READY)  ## 1,000 events to many recipients under faults, kill -9 and two senders at once: lost, repeated (minutes)
	@FAULT_EVENTS=1000 $(BIN)/python -m pytest -q -s tests/monitor/alerts/test_storm.py $(ARGS)

country: $(READY)  ## 60 portals, 600 agencies, 400 days with faults: found, said wrongly (over an hour); ARGS="--seed 5 --days 60"
	@$(BIN)/python -m tests.country $(ARGS)

lock: $(READY)  ## pins the requirements anew, with hashes and without addresses
	@$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-header pyproject.toml -o requirements/runtime.txt
	@$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-header --extra dev pyproject.toml -o requirements/dev.txt
	@$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-header benchmarks/watchers.in -o benchmarks/watchers.txt

clean:  ## removes the environments and what runs leave behind
	@rm -rf $(VENV) .venv-watchers var .demo .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis tests/_screens *.egg-info

.PHONY: system-demo system-test system-bench
system-demo system-test system-bench: system-%:
	@PYTHON=$(PYTHON) .ci/system $*

$(READY): requirements/dev.txt pyproject.toml
	@echo "making the environment in $(VENV) (about a minute) …"
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip --quiet --disable-pip-version-check install --require-hashes -r requirements/dev.txt
	@$(BIN)/python -m pip --quiet --disable-pip-version-check install --no-deps --no-build-isolation --no-index -e .
	@touch $(READY)

# What the benchmark compares with; nothing of gongkai needs it.
$(WATCHERS): benchmarks/watchers.txt
	@echo "making the environment of urlwatch and changedetection.io in .venv-watchers …"
	@$(PYTHON) -m venv .venv-watchers
	@.venv-watchers/bin/python -m pip --quiet --disable-pip-version-check install --require-hashes -r benchmarks/watchers.txt
	@touch $(WATCHERS)
