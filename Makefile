# SPDX-License-Identifier: GPL-2.0-or-later
# Two environments, as in production: .venv-qgis sits on QGIS' own Python (and only the tests use
# it), .venv holds the worker, the command line and training. Stamps make a second run instant.

PYTHON ?= /usr/bin/python3
PYTEST_ARGS ?=

WORK := .venv/bin/python
QPY := .venv-qgis/bin/python
CONSTRAINTS := tools/constraints.txt
PIP := -m pip --disable-pip-version-check install --quiet --constraint $(CONSTRAINTS)
BUILD := $(CURDIR)/build
LINK := build/plugins/ksdiff_qgis
QGIS_DATA ?= $(HOME)/.local/share/QGIS
PROFILE ?=
PLUGIN_PARTS = $(filter-out %/__pycache__,$(wildcard ksdiff_qgis/*))
PARTS := metadata.txt LICENSE CHANGELOG.md core training resources docs

# QGIS without a screen, with settings of its own, and with this checkout's plugin.
QGIS_ENV := QT_QPA_PLATFORM=offscreen XDG_RUNTIME_DIR="$(BUILD)/run" \
	QGIS_CUSTOM_CONFIG_PATH="$(BUILD)/qgis-profile" QGIS_PLUGINPATH="$(BUILD)/plugins"

.DEFAULT_GOAL := help
.PHONY: help env demo cluster-demo test test-core faults test-qgis test-machines speed gpu test-debian lint package \
	check-package link translations lock clean plugins
.DELETE_ON_ERROR:
.NOTPARALLEL:

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "%-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

env: .venv/.full .venv-qgis/.full ## make both environments; installs QGIS when it is missing

demo: build/.qgis .venv/.demo plugins ## sharpen a synthetic scene, or PAN=a.tif MS=b.tif, in QGIS
	@$(WORK) -m tools.demo $(if $(PAN),--pan "$(PAN)") $(if $(MS),--ms "$(MS)")

cluster-demo: .venv/.cluster ## sharpen ten synthetic scenes on a local scheduler with two workers
	@$(WORK) -m tools.cluster_demo

# Both suites run and are reported at the end, whatever becomes of the first.
test: ## run every test
	@mkdir -p build && rm -f build/summary.txt
	@failed=0; \
	for suite in test-core test-qgis; do \
	  printf '%s: ' $$suite >> build/summary.txt; \
	  TEST_SUMMARY="$(BUILD)/summary.txt" $(MAKE) --no-print-directory $$suite || failed=1; \
	  if [ -n "$$(tail -c 1 build/summary.txt)" ]; then echo 'did not run' >> build/summary.txt; fi; \
	done; \
	cat build/summary.txt; exit $$failed

test-core: .venv/.full ## run the tests of the fusion core and of training
	$(WORK) -m pytest -n 2 --dist loadfile $(wildcard tests/test_*.py) tests/core tests/training \
	  tests/experiments tests/tools tests/faults $(PYTEST_ARGS)

faults: .venv/.full ## try every case of the fault table alone; python -m tests.faults 612 tries one
	$(WORK) -m pytest -n 2 --dist worksteal tests/faults $(PYTEST_ARGS)

test-qgis: .venv-qgis/.full .venv/.demo build/.screen plugins ## run the tests inside QGIS, with a real worker
	@mkdir -p -m 700 build/run
	$(QGIS_ENV) $(QPY) -m pytest tests/qgis $(PYTEST_ARGS)

test-machines: .venv/.full ## run the numerical tests as on other processors
	$(WORK) -m tools.machines

speed: .venv/.full ## time every method on large scenes, in whole processes; hours, 5 GB
	$(WORK) -m experiments speed

gpu: .venv/.full ## measure sharpening and training on a GPU, beside the CPU; onnxruntime-gpu needed
	$(WORK) -m experiments cost ksdiff-scene srino-scene --device cuda
	$(WORK) -m experiments speed --device cuda --bands 4

# In a Debian of its own, made and kept in the cache folder: see tools/debian.sh.
DEBIAN ?= 13-backports
test-debian: ## run demo and QGIS' tests in a Debian root: DEBIAN=12, 13, 13-backports; FRESH=1
	@for name in $(DEBIAN); do tools/debian.sh $$name demo test-qgis || exit 1; done

lint: .venv/.full ## check style, types and security
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/bandit --quiet --recursive core training ksdiff_qgis experiments

package: ## make build/ksdiff_qgis.zip, for QGIS' "Install from ZIP"
	@$(PYTHON) tools/package.py build/ksdiff_qgis.zip

check-package: .venv/.full package ## ask of the zip what the plugin store asks
	@$(WORK) tools/store.py build/ksdiff_qgis.zip

# PROFILE=folder links into that one; else every QGIS 3 and 4 here gets it in its default profile.
link: plugins ## link this checkout into your QGIS profile, to work on the plugin
	@set -- "$(PROFILE)"; \
	if [ -z "$$1" ]; then \
	  shift; \
	  for of in "$(QGIS_DATA)"/QGIS[34]/profiles; do \
	    if [ -d "$$of" ]; then set -- "$$@" "$$of/default"; fi; \
	  done; \
	  if [ $$# -eq 0 ]; then set -- "$(QGIS_DATA)/QGIS3/profiles/default"; fi; \
	fi; \
	for profile in "$$@"; do \
	  target=$$profile/python/plugins/ksdiff_qgis; \
	  if [ -d "$$target" ] && [ ! -L "$$target" ]; then \
	    echo "$$target is not a link: uninstall the plugin in QGIS first." >&2; exit 1; \
	  fi; \
	  mkdir -p "$$profile/python/plugins" && ln -sfn "$(CURDIR)/$(LINK)" "$$target" || exit 1; \
	  echo "$$target -> $(LINK)"; \
	done
	@echo "Restart QGIS and enable KSDiff in Plugins > Manage and Install Plugins."

translations: .venv-qgis/.full build/.lrelease plugins ## collect and compile the texts to translate
	@$(QPY) tools/translations.py

docs: .venv/.docs .venv-qgis/.full plugins ## make the documentation in build/site
	@$(QPY) tools/parameters.py
	@.venv/bin/mkdocs build --strict --quiet
	@echo "build/site/index.html is made"

pictures: .venv/.demo build/.screen build/.qgis ## take the pictures of docs/images
	@test -d build/demo/scene-1024 || $(MAKE) demo
	@$(WORK) -m tools.pictures

clean: ## remove everything that make made, both environments too
	rm -rf build .venv .venv-qgis .pytest_cache .mypy_cache .ruff_cache .hypothesis .qgis-settings
	find core training experiments tools tests ksdiff_qgis -name __pycache__ -prune -exec rm -rf {} +

# uv resolves for every platform at once; it is fetched into an environment of its own.
lock: .venv/.full ## resolve anew the versions of the plugin's environment and of this checkout's
	@$(WORK) -c 'import sys; sys.exit("make lock needs Python 3.11 or later, as Debian 12 has: make clean, then make PYTHON=... lock") if sys.version_info < (3, 11) else None'
	@test -x build/uv/bin/uv || { $(PYTHON) -m venv build/uv && build/uv/bin/python $(PIP) uv; }
	PATH="$(CURDIR)/build/uv/bin:$$PATH" $(WORK) tools/lock.py

# The plugin's folder as QGIS wants it, made of links into the checkout.
plugins:
	@mkdir -p $(LINK)
	@for part in $(PLUGIN_PARTS) $(PARTS); do ln -sfn "$(CURDIR)/$$part" $(LINK)/; done
	@find $(LINK) -xtype l -delete

# $(call system,check,packages): install Debian packages when the check fails.
define system
	@mkdir -p build
	@if ! { $(1); } > /dev/null 2>&1; then \
	  if [ "$$(id -u)" -eq 0 ]; then root=env; \
	  elif command -v sudo > /dev/null; then root="sudo env"; \
	  else echo "Neither root nor sudo here: ask for the packages $(2)." >&2; exit 1; fi; \
	  echo "Installing system packages: $(2)"; \
	  $$root apt-get update -qq && \
	  $$root DEBIAN_FRONTEND=noninteractive apt-get install -y -qq \
	    --no-install-recommends $(2) > build/apt.log 2>&1 || { tail -n 30 build/apt.log >&2; exit 1; }; \
	  { $(1); } > /dev/null || { echo "The packages are there, but the check still fails." >&2; exit 1; }; \
	fi
	@touch $@
endef

build/.venv-module:
	$(call system,$(PYTHON) -c "import ensurepip; import venv",python3-venv)

build/.qgis:
	$(call system,/usr/bin/python3 -c "import ensurepip; import qgis.core" && command -v qgis_process,qgis python3-qgis python3-venv)

build/.screen:
	$(call system,command -v Xvfb,xvfb)

build/.lrelease:
	$(call system,command -v lrelease,qttools5-dev-tools)

.venv/.pip: | build/.venv-module
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.10 or newer, please: make PYTHON=...") if sys.version_info < (3, 10) else None'
	@test -x $(WORK) || $(PYTHON) -m venv .venv
	@$(WORK) $(PIP) --upgrade "pip>=25.1"
	@touch $@

.venv/.demo: pyproject.toml $(CONSTRAINTS) .venv/.pip
	@echo "Making .venv: the worker"
	@$(WORK) $(PIP) --group demo
	@touch $@

.venv/.cluster: pyproject.toml $(CONSTRAINTS) .venv/.pip
	@echo "Making .venv: the worker, Dask"
	@$(WORK) $(PIP) --group cluster
	@touch .venv/.demo $@

.venv/.full: pyproject.toml $(CONSTRAINTS) .venv/.pip
	@echo "Making .venv: the worker, training, tests"
	@$(WORK) $(PIP) --group test --group lint
	@touch .venv/.demo .venv/.cluster $@

.venv/.docs: pyproject.toml $(CONSTRAINTS) .venv/.pip
	@$(WORK) $(PIP) --group docs
	@touch $@

# What QGIS' Python has is seen from here, but never written to.
.venv-qgis/.full: pyproject.toml $(CONSTRAINTS) $(wildcard tools/constraints-qgis-*.txt) | build/.qgis
	@echo "Making .venv-qgis: the tests that run inside QGIS"
	@test -x $(QPY) || /usr/bin/python3 -m venv --system-site-packages .venv-qgis
	@$(QPY) $(PIP) --upgrade "pip>=25.1"
	@version=$$($(QPY) -c 'from qgis.core import Qgis; print(Qgis.QGIS_VERSION_INT)'); \
	  if [ "$$version" -ge 33400 ]; then group=qgis-test-3-34; else group=qgis-test-3-22; fi; \
	  $(QPY) $(PIP) --constraint tools/constraints-$$group.txt --group $$group
	@touch $@
