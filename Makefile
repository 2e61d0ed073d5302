# People and CI call the same targets. Everything lives in .venv and build; `make clean` removes both.
#
#   PYTHON=python3.11   which Python makes .venv (found by itself when not given)
#   DATA=FOLDER         development data for tests, replay and benchmarks (default ../shared/data)
#   PEER=llama.cpp      measured beside ours, with the Python named by PEER_PYTHON

.DELETE_ON_ERROR:
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

PYTHON ?=
DATA ?= ../shared/data
PORT ?=
FUZZ_SECONDS ?= 60
CRASHES ?= 200
JOBS ?= 1

VENV := .venv
export PATH := $(CURDIR)/$(VENV)/bin:$(PATH)
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export FORETYPE_DATA := $(abspath $(DATA))

PIP_INSTALL := $(VENV)/bin/python -m pip install --quiet --no-deps
LOCKED := --require-hashes --only-binary :all:

CONFIGURE = cmake -S . -G Ninja -Wno-unused-cli -DFORETYPE_TESTS=ON -DPython_EXECUTABLE=$(CURDIR)/$(VENV)/bin/python

FIGURES := build/figures
BESIDE = $(if $(PEER),--peer $(PEER)) $(if $(PEER_PYTHON),--peer-python $(PEER_PYTHON))

# What the package is made of; python/ is installed as a link and needs no build of its own.
PY := python tests $(wildcard scripts benchmarks)
CPP := $(shell find core python/bindings -name '*.cpp' -o -name '*.h')
CORE := CMakeLists.txt core/CMakeLists.txt python/bindings/CMakeLists.txt $(CPP)

.PHONY: help play build model test compress-test check crash bench replay figures format stub lock sanitize fuzz clean

help:  ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

play: build  ## build, start the page and print its address
	@$(VENV)/bin/foretype play $(if $(PORT),--port $(PORT))

build: build/.built  ## the package; leaves the command at .venv/bin/foretype

model: build  ## the model that the default one was made from, to measure by, into the user's cache folder
	@$(VENV)/bin/foretype model build --original

test: $(VENV)/.dev build  ## all tests, C++ and Python
	@cmake --build build/package
	@ctest --test-dir build/package --output-on-failure --no-tests=error
	@$(VENV)/bin/python -m pytest

check: $(VENV)/.dev build  ## format, lint, types, warnings of two C++ compilers
	ruff format --check $(PY)
	ruff check $(PY)
	mypy
	clang-format --dry-run -Werror $(CPP)
	$(CONFIGURE) -B build/check -DCMAKE_BUILD_TYPE=Debug -DFORETYPE_WARNINGS_AS_ERRORS=ON -DFORETYPE_TIDY=ON
	cmake --build build/check
	@scripts/check_page.sh

format: $(VENV)/.dev  ## rewrite the sources in the one format
	ruff check --fix --select I $(PY)
	ruff format $(PY)
	clang-format -i $(CPP)

sanitize: build/sanitize/.built  ## C++ tests under the address and undefined-behaviour sanitizers
	@ctest --test-dir build/sanitize --output-on-failure --no-tests=error

fuzz: build/sanitize/.built  ## every reader on damaged files, FUZZ_SECONDS for each
	@scripts/fuzz.sh build/sanitize/core $(FUZZ_SECONDS)

compress-test: $(VENV)/.dev build  ## tests of `foretype compress`, with torch, which it installs
	@$(VENV)/bin/python -c 'import torch' 2>/dev/null || \
	  $(VENV)/bin/python -m pip install --quiet -r requirements/compress.txt
	@$(VENV)/bin/python -m pytest tests/unit/test_compress_*.py

crash: $(VENV)/.dev build  ## kill a program that types into a profile, CRASHES times (20 minutes)
	@FORETYPE_CRASHES=$(CRASHES) $(VENV)/bin/python -m pytest tests/end_to_end/test_profile_crash.py

bench: $(VENV)/.dev model  ## speed of the parts; PEER=llama.cpp measures it beside ours
	@mkdir -p $(FIGURES)
	$(VENV)/bin/foretype bench trie --save $(FIGURES)/trie.json
	$(VENV)/bin/foretype bench profile --save $(FIGURES)/profile.json
	$(VENV)/bin/foretype bench lm --save $(FIGURES)/lm.json $(BESIDE)
	$(VENV)/bin/foretype bench keystroke --save $(FIGURES)/keystroke.json
	$(VENV)/bin/foretype bench statistics --save $(FIGURES)/statistics.json

replay: $(VENV)/.dev model  ## quality: the whole development set typed again, with PEER= too
	@mkdir -p $(FIGURES)
	$(VENV)/bin/foretype replay --data $(DATA)/clinton-dev.jsonl --report $(FIGURES)/replay.json \
	  --jobs $(JOBS) $(BESIDE)

figures: build  ## docs/benchmarks.md, from what bench and replay measured last
	$(VENV)/bin/foretype bench report $(FIGURES) --output docs/benchmarks.md

stub: build  ## write down the types of the extension anew, after a change of the bindings
	$(VENV)/bin/python -m nanobind.stubgen -q -m foretype._core -o python/foretype/_core.pyi

lock:  ## pin every dependency anew: make lock [UPGRADE=--upgrade]
	@scripts/lock.sh $(or $(PYTHON),python3) $(UPGRADE)

clean:  ## remove what was built
	rm -rf build $(VENV)

$(VENV)/bin/python:
	@scripts/venv.sh $(VENV) $(PYTHON)

$(VENV)/.locked: requirements/build.txt | $(VENV)/bin/python
	@echo "installing locked dependencies"
	@$(PIP_INSTALL) $(LOCKED) -r $<
	@touch $@

$(VENV)/.dev: requirements/dev.txt $(VENV)/.locked
	@echo "installing locked tools for tests and checks"
	@$(PIP_INSTALL) $(LOCKED) -r $<
	@touch $@

build/sanitize/.built: $(CORE) $(VENV)/.dev
	@$(CONFIGURE) -B build/sanitize -DFORETYPE_SANITIZE=ON -DFORETYPE_BINDINGS=OFF
	@cmake --build build/sanitize
	@touch $@

# No build isolation, so that the locked build tools are the ones that build.
build/.built: pyproject.toml $(CORE) $(VENV)/.locked
	@echo "building foretype"
	@mkdir -p build
	@$(PIP_INSTALL) --no-build-isolation --editable . \
	  --config-settings=cmake.define.FORETYPE_TESTS=ON
	@touch $@
