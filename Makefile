# ParkTwin: `make run` starts the demo park, `make test` tests everything. README.md says more.

SHELL := /bin/sh
.DEFAULT_GOAL := run
# servers start often in the tests: compile once
unexport PYTHONDONTWRITEBYTECODE
.PHONY: setup run test check lint bench soak shots clean

# the first Python that is new enough
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin

DEMO_FLAGS = $(if $(PORT),--port "$(PORT)") $(if $(DATA),--data "$(DATA)") $(if $(POINTS),--points "$(POINTS)") \
	$(if $(SCENARIO),--scenario "$(SCENARIO)") $(if $(SPEED),--speed "$(SPEED)")

setup: ## everything that running needs, into .venv and assets/vendor
	@$(if $(strip $(PYTHON)),,echo "ParkTwin needs Python 3.11 or newer as python3." >&2; exit 1;) $(PYTHON) tools/setup.py

setup-test:
	@$(if $(strip $(PYTHON)),,echo "ParkTwin needs Python 3.11 or newer as python3." >&2; exit 1;) $(PYTHON) tools/setup.py --test

run: setup ## the demo park with its feed (PORT= DATA= POINTS= SCENARIO= SPEED=)
	@$(BIN)/python app.py demo $(DEMO_FLAGS)

test: setup-test lint ## style, types, imports, and all tests, three side by side: they wait more than they reckon
	@$(BIN)/python -m pytest -n 3 --dist loadscope --no-loadscope-reorder

lint: setup-test
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo

check: setup ## look for faults in a park folder (PARK=)
	@$(BIN)/python app.py check "$(or $(PARK),demo/park)"

bench: setup-test ## measure the promised figures and write them to the README (PARKTWIN_SCALE_…: tests/bench/scale.py)
	@rm -f tests/out/figures.jsonl
	@$(BIN)/python -m pytest -m bench -s; said=$$?; \
	PARKTWIN_KILLS=200 $(BIN)/python -m pytest tests/crash tests/cache/test_crash.py || said=$$?; \
	$(BIN)/python tools/figures.py && exit $$said

soak: setup-test ## hours under load
	@$(BIN)/python -m pytest -m soak -s

shots: setup-test ## make the screenshots of the README again
	@PARKTWIN_SHOTS=docs $(BIN)/python -m pytest -m browser -k shot

clean: ## everything that set-up and the tests have made; data stays
	@rm -rf .venv node_modules assets/vendor fonts build tests/out .pytest_cache .ruff_cache .mypy_cache .hypothesis \
		.import_linter_cache
