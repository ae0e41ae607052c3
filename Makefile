# Everything a person types in here. `make run` needs Python 3.11 or newer and nothing else.

BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.DEFAULT_GOAL := help
.PHONY: help run web test test-web pictures test-llm check bench soak schema local-llm lock

help: ## show what there is to type
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: .venv/installed ## start everything, on a fresh machine too; Ctrl-C stops it
	@$(BIN)/python hatch_build.py || echo "Everything else starts all the same."
	@exec $(BIN)/streaming-stack up

web: .venv/installed ## build the dashboard, where something has changed
	@$(BIN)/python hatch_build.py

test: .venv/installed-dev .venv/foreign/installed ## run every test, on all processors
	@$(BIN)/python hatch_build.py || echo "The dashboard's tests are passed over."
	@$(BIN)/python -m pytest -n auto $(ARGS)

test-web: .venv/installed-dev web ## test the dashboard alone, and how quick it is
	@scripts=$$($(BIN)/python -c 'import sysconfig; print(sysconfig.get_path("scripts"))'); \
	cd tests/web/lighthouse && PATH="$$scripts:$$PATH" npm ci --ignore-scripts --no-audit --no-fund \
	  --fetch-retries=1 --silent || echo "Lighthouse could not be installed: it is passed over."
	@STREAMING_STACK_TEST_LOOKS=all STREAMING_STACK_TEST_LIGHTHOUSE=yes $(BIN)/python -m pytest tests/web $(ARGS)

pictures: .venv/installed-dev web ## take the pictures in docs/screens anew
	@STREAMING_STACK_TEST_PICTURES=yes $(BIN)/python -m pytest tests/web/test_pictures.py $(ARGS)

test-llm: .venv/installed-dev .venv/llm/installed ## hear a small real model; builds it first
	@$(BIN)/python -m pytest -m llm tests/llm $(ARGS)

check: .venv/installed-dev ## what must hold before the tests: style, types, arrows, schema
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/basedpyright
	@$(BIN)/python -m pytest -q --noconftest tests/test_architecture.py
	@$(BIN)/streaming-stack schema --check

bench: .venv/installed-dev ## measure how fast it is
	@$(BIN)/python -m bench $(ARGS)

soak: .venv/installed-dev ## kill everything for ten minutes while people listen
	@$(BIN)/python -m tests.soak $(ARGS)

schema: .venv/installed-dev ## write schema.graphql from the code
	@$(BIN)/streaming-stack schema

local-llm: .venv/installed .venv/llm/installed ## build a toy model for `up --local-llm`
	@echo "It is there. Type: $(BIN)/streaming-stack up --local-llm"

lock: ## pin what pyproject.toml asks for, with uv
	@uv=$$(command -v uv || command -v $(BIN)/uv) || { echo "This needs uv: pip install uv"; exit 1; }; \
	for kind in "-dev --extra=dev" ""; do set -- $$kind; \
	  echo "Pinning requirements$$1.lock ..."; \
	  "$$uv" pip compile pyproject.toml --group build $$2 --universal --python-version 3.11 \
	    --generate-hashes --no-emit-index-url --no-header --quiet -o requirements$$1.lock || exit 1; \
	done; \
	echo "Pinning tests/foreign/requirements.lock ..."; \
	"$$uv" pip compile tests/foreign/requirements.in --universal --python-version 3.11 \
	  --generate-hashes --no-emit-index-url --no-header --quiet -o tests/foreign/requirements.lock \
	  || exit 1; \
	for kind in "llm" "llm-alone --no-deps"; do set -- $$kind; \
	  echo "Pinning requirements-$$1.lock ..."; \
	  "$$uv" pip compile --group $$kind -c requirements.lock --universal --python-version 3.11 \
	    --generate-hashes --no-annotate --no-emit-index-url --no-header --quiet \
	    -o requirements-$$1.lock || exit 1; \
	done

# A stamp says that what it is made from has been installed: a second `make run` installs nothing.
# pip checks every package against its hash in the lock; hatchling, which links our own project
# into the environment, comes from there too.
define install
	@python=$$(for name in $(PYTHON) python3 python3.14 python3.13 python3.12 python3.11; do \
	  "$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	    && echo "$$name" && break; done); \
	test -n "$$python" || { \
	  echo "This needs Python 3.11 or newer; install it, or say where it is: make PYTHON=/path/to/python3"; \
	  exit 1; }; \
	"$$python" -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo "This Python cannot make environments; on Debian and Ubuntu: apt install python3-venv"; \
	  exit 1; }; \
	if ! $(BIN)/python -m pip --version >/dev/null 2>&1; then \
	  echo "Making an environment in .venv ..."; \
	  "$$python" -m venv --clear .venv || exit 1; \
	fi
	@echo "Installing the packages in $(1), which takes a minute the first time ..."
	@$(PIP) install --require-hashes -r $(1)
	@echo "Installing streaming-stack itself ..."
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@
endef

.venv/installed: requirements.lock pyproject.toml
	$(call install,requirements.lock)

.venv/installed-dev: requirements-dev.lock pyproject.toml
	$(call install,requirements-dev.lock)
	@touch .venv/installed

# Clients that others wrote, which the tests run against our stand-ins. Their pins clash with ours, so
# they live apart; where they can't be had, their tests say so and are passed over.
.venv/foreign/installed: tests/foreign/requirements.lock | .venv/installed-dev
	@echo "Installing the clients that others wrote into .venv/foreign ..."
	@{ $(BIN)/python -m venv --clear --without-pip .venv/foreign \
	    && $(PIP) --python .venv/foreign install --retries 2 --require-hashes \
	        --only-binary :all: -r $< \
	    && touch $@; } \
	  || { rm -rf .venv/foreign; echo "They could not be installed: their tests are passed over."; }

# A real model of 98 MB and what runs it, which has to be built. It lives apart: it is a program of
# its own that we ask over HTTP, and what it needs is nothing to us.
.venv/llm/installed: requirements-llm.lock requirements-llm-alone.lock | .venv/installed
	@for name in "$$CXX" c++ g++ clang++; do command -v "$$name" >/dev/null && found=1; done; \
	test -n "$$found" || { \
	  echo "This needs a C++ compiler; on Debian and Ubuntu: apt install g++;" \
	    "on macOS: xcode-select --install"; exit 1; }
	@echo "Building llama.cpp in .venv/llm, which takes about three minutes ..."
	@{ $(BIN)/python -m venv --clear --without-pip .venv/llm \
	    && $(PIP) --python .venv/llm install --require-hashes --only-binary :all: -r $< \
	    && CMAKE_ARGS="-DLLAVA_BUILD=OFF -DGGML_NATIVE=ON" \
	      CMAKE_BUILD_PARALLEL_LEVEL=$$(getconf _NPROCESSORS_ONLN) \
	      $(PIP) --python .venv/llm install --require-hashes --no-deps --no-build-isolation \
	        -r requirements-llm-alone.lock \
	    && touch $@; } \
	  || { rm -rf .venv/llm; \
	    echo "It could not be built; what went wrong stands above."; exit 1; }
