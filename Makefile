# Everything a fresh machine needs: Python 3.11 or newer with venv, and make.
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin
PIP = $(BIN)/python -m pip --quiet --disable-pip-version-check

.PHONY: sample test lint docs bench clean

sample: $(VENV)/installed  ## build sample_widget -> sample_widget/dist/widget.zip
	$(BIN)/widgetpack build sample_widget

test: $(VENV)/tested tests/browser/node_modules/.installed tests/reports/node_modules/.installed  ## install what the tests need and run them
	$(BIN)/python -m pytest $(ARGS)

lint: $(VENV)/linted  ## types, style, import contract, generated docs
	$(BIN)/ruff check .
	$(BIN)/ruff format --check widgetpack tests benchmarks
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python docs/generate.py --check

docs: $(VENV)/installed  ## write docs/rules.md from the rules
	$(BIN)/python docs/generate.py

bench: $(VENV)/installed  ## measure beside web-ext; see benchmarks/README.md
	$(BIN)/python benchmarks/run.py $(ARGS)

clean:
	rm -rf $(VENV) tests/browser/node_modules tests/reports/node_modules benchmarks/node_modules sample_widget/dist build dist

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/installed: pyproject.toml | $(VENV)/bin/python
	$(PIP) install --editable .
	touch $@

$(VENV)/tested: pyproject.toml $(CONSTRAINTS) | $(VENV)/bin/python
	$(PIP) install --editable '.[test]' $(if $(CONSTRAINTS),--constraint $(CONSTRAINTS))
	touch $@

$(VENV)/linted: pyproject.toml | $(VENV)/bin/python
	$(PIP) install --editable '.[lint]'
	touch $@

# The loader and jQuery of the platform, for the tests in a real browser; without npm those tests skip and say so.
tests/browser/node_modules/.installed: tests/browser/package-lock.json
	if command -v npm >/dev/null; then npm --prefix tests/browser ci --silent && touch $@; else echo "npm not found: the browser tests will skip"; fi

# What the reports are checked against: GitHub's own code, the schemas of SARIF and JUnit.
tests/reports/node_modules/.installed: tests/reports/package-lock.json
	if command -v npm >/dev/null; then npm --prefix tests/reports ci --silent --ignore-scripts && touch $@; else echo "npm not found: the checks of reports against official schemas will skip"; fi
