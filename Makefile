# Everything a fresh machine needs: Python 3.11 or newer with venv, and make.
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin
PIP = $(BIN)/python -m pip --quiet --disable-pip-version-check
# The esbuild that the tests bundle with: the one that `widgetpack toolchain install` fetches, or tests/esbuild-lowest.
ESBUILD ?= build/esbuild
PACKAGED = tests/browser tests/reports examples/react-widget

.PHONY: sample typescript-example react-example packages test lint docs bench clean

sample: $(VENV)/installed  ## build sample_widget -> sample_widget/dist/widget.zip
	$(BIN)/widgetpack build sample_widget

typescript-example: $(VENV)/installed  ## build examples/typescript-widget, with esbuild from widgetpack's cache
	$(BIN)/widgetpack toolchain install
	$(BIN)/widgetpack build examples/typescript-widget

react-example: $(VENV)/installed examples/react-widget/node_modules/.installed  ## build examples/react-widget, with esbuild of its own
	$(BIN)/widgetpack build examples/react-widget

test: $(VENV)/tested packages $(ESBUILD)/node_modules/.installed  ## install what the tests need and run them
	PATH="$$(echo $(CURDIR)/$(ESBUILD)/node_modules/@esbuild/*/bin):$$PATH" $(BIN)/python -m pytest $(ARGS)

packages: $(addsuffix /node_modules/.installed,$(PACKAGED))  ## fetch what tests need of npm

lint: $(VENV)/linted  ## types, style, import contract, generated docs
	$(BIN)/ruff check .
	$(BIN)/ruff format --check widgetpack tests benchmarks
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python docs/generate.py --check

docs: $(VENV)/installed  ## write docs/rules.md from the rules
	$(BIN)/python docs/generate.py

bench: $(VENV)/tested  ## measure beside web-ext; see benchmarks/README.md
	$(BIN)/python benchmarks/run.py $(ARGS)

clean:
	rm -rf $(VENV) $(addsuffix /node_modules,$(PACKAGED) tests/esbuild-lowest benchmarks) sample_widget/dist examples/*/dist build dist

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

# The platform's loader, its jQuery and webpack for the browser tests; GitHub's own code and schemas for the reports; an example's
# packages; esbuild. No package runs anything of its own. Without npm the tests in question skip and say so.
%/node_modules/.installed: %/package-lock.json
	if command -v npm >/dev/null; then npm --prefix $* ci --silent --ignore-scripts && touch $@; else echo "npm not found: tests that need $* will skip"; fi

build/esbuild/package-lock.json: widgetpack/toolchain/npm/package-lock.json widgetpack/toolchain/npm/package.json
	mkdir -p $(@D) && cp $^ $(@D) && touch $@
