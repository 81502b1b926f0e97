# make app     the chat in the browser; HOST=, PORT= and INDEX= may be given
# make test    every test
# make check   lint, format, types
# make eval    our question set on the sample releases
# make bench   speed, memory and quality beside the alternatives (RELEASES=, DEV= name real input)
# make formats reading PDFs, exhibits and pages beside other libraries, answers from them, damaged files (FORMATS=)

PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 7860
INDEX ?= .citewire
RELEASES ?= ../shared/releases
DEV ?= ../shared/questions/dev.jsonl
FORMATS ?= ../shared/formats
BIN := .venv/bin

.PHONY: app test check eval bench formats clean

app: .venv/app
	$(BIN)/python app.py --index $(INDEX) --host $(HOST) --port $(PORT)

test: .venv/dev
	$(BIN)/python -m pytest

check: .venv/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

eval: .venv/app
	$(BIN)/citewire add releases --index .citewire-samples
	$(BIN)/citewire eval eval/questions/sample.jsonl --index .citewire-samples

bench: .venv/dev
	$(BIN)/python benchmarks/metadata.py $(RELEASES)
	$(BIN)/python benchmarks/embedding.py $(RELEASES) $(DEV)
	$(BIN)/python benchmarks/browser.py $(INDEX) $(DEV)

formats: .venv/dev
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade pip  # 23 stumbles over lxml's extras
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[bench]'
	$(BIN)/python benchmarks/formats.py $(FORMATS)
	-$(BIN)/citewire add $(FORMATS) --index .citewire-formats
	$(BIN)/citewire eval eval/questions/formats.jsonl --index .citewire-formats
	$(BIN)/python benchmarks/cells.py .citewire-formats
	$(BIN)/python benchmarks/damage.py $(FORMATS)

.venv/bin/python:
	$(PYTHON) -c 'import sys; sys.exit("citewire needs Python 3.11 to 3.13, this is " + sys.version.split()[0] + "; name another: make PYTHON=python3.12") if not (3, 11) <= sys.version_info < (3, 14) else None'
	$(PYTHON) -m venv .venv

.venv/app: pyproject.toml | .venv/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e .
	touch $@

.venv/dev: pyproject.toml | .venv/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev]'
	touch $@ .venv/app

clean:
	rm -rf .venv .citewire .citewire-samples .citewire-formats build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
