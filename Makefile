# README's two commands are `make run` and `make test`; both make .venv when it is absent.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
METHODS ?= untouched,ours,mosaic
LIMIT ?= 200

.PHONY: run test check typed check-all tables rerun compared coverage site bench train train-all docs notebook clean

run: $(READY)  ## set up, run the main job on the embedded suite, end in a table
	$(BIN)/medbench run --method $(METHODS) --suite mema-mini --limit $(LIMIT)

test: $(READY)  ## set up, run the fast tests
	$(BIN)/python -m pytest -m "not slow"

$(READY): setup.cfg setup.py constraints.txt requirements-faces.txt
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --constraint constraints.txt torch
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[dev,faces]'
	$(BIN)/python -m pip install --quiet --no-deps --requirement requirements-faces.txt
	touch $@

check: $(READY) typed  ## what CI asks: style, types, layers, conformance, tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	cd build/typed && PYTHONPATH=. ../../$(BIN)/lint-imports --config ../../pyproject.toml
	cd build/typed && MYPYPATH=. ../../$(BIN)/python -m mypy --config-file ../../pyproject.toml -p medbench
	$(BIN)/medbench tables --out docs/tables.md --check
	$(BIN)/python -m benchmarks.compared --check
	$(BIN)/python -m pytest -m "not slow"

typed: $(READY)  ## an installed wheel, which is what a user's type checker and the layer check see
	rm -rf build/typed build/wheel build/lib
	$(BIN)/python -m pip wheel --quiet --no-deps --wheel-dir build/wheel .
	$(BIN)/python -m pip install --quiet --no-deps --target build/typed build/wheel/medbench-*.whl

check-all: check  ## the slow tests too
	$(BIN)/python -m pytest -m slow

tables: $(READY)  ## the papers' tables again, from published and committed measured results
	$(BIN)/medbench tables --out docs/tables.md

rerun: $(READY)  ## two methods again from images, against the committed rows
	$(BIN)/python -m benchmarks.rerun

compared: $(READY)  ## our figures beside other packages'
	$(BIN)/python -m benchmarks.compared --check

site: $(READY)  ## the leaderboard as a static site
	$(BIN)/medbench leaderboard build --out site

bench: $(READY)  ## speed, as ratios within one run
	$(BIN)/python benchmarks/statistics.py
	$(BIN)/python -m benchmarks.evaluate

coverage: $(READY)  ## how often intervals cover, by simulation (ten minutes of one core)
	$(BIN)/python -m benchmarks.coverage --keep build/coverage.csv --out docs/coverage.md

train: $(READY)  ## train `ours` again from nothing
	$(BIN)/medbench train --method ours --suite mema-mini --preset mini

train-all: $(READY)  ## train every method that learns, one after the other; goes on after a kill (MINUTES: for all)
	$(BIN)/medbench train --method all --suite mema-mini --out runs/train-all $(if $(MINUTES),--minutes $(MINUTES))

docs: $(READY) typed  ## the documentation as a site, in build/docs
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[docs]'
	$(BIN)/python -m mkdocs build --strict

notebook: $(READY)  ## write and execute the notebook again
	$(BIN)/python docs/notebooks/build.py

clean:
	rm -rf build dist *.egg-info
