# Uncia: `make demo` shows what it does, `make test` runs every test. Both set up `.venv` on first use.
.DEFAULT_GOAL := help
.PHONY: help setup spark demo test test-more interleavings lint format lock audit bench rivals load chaos outage clean backbone

IS_313 := import sys; sys.exit(sys.version_info[:2] != (3, 13))
PYTHON ?= $(shell for python in python3 python3.13 python; do \
	$$python -c '$(IS_313)' 2>/dev/null && echo $$python && break; done)
VENV := .venv
BIN := $(VENV)/bin
export PATH := $(CURDIR)/$(BIN):$(PATH)
# Set in many containers: then each of the hundreds of processes that tests start would compile Uncia for itself.
unexport PYTHONDONTWRITEBYTECODE
READY := $(VENV)/ready
SPARK := $(VENV)/spark
# What takes minutes, or 500 MB of Spark, which few who change Uncia need.
MORE := tests/unit/batch $(foreach file,unit/bench/test_batch unit/cli/test_batch integration/test_batch \
	integration/test_spark integration/test_bench,tests/$(file).py)
AZURITE := devhost/azurite/node_modules/.package-lock.json

# In environments of their own: checkov pins old versions of libraries that Uncia uses, too.
CHECKOV := .venv-infra/bin/checkov
AUDIT := .venv-audit/bin/pip-audit
CODE := function_app.py uncia_spark.py batch bench cli devhost docs functions shared training

help: ## what can be made
	@grep -E '^[a-z-]+:.*##' Makefile | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 22

setup: $(READY) $(AZURITE) models/backbone.onnx ## the environment, Azurite and a backbone

demo: setup ## draw a card of camera-trap pictures, train a head, label the rest
	uncia demo

spark: $(SPARK) ## what `uncia batch` needs besides: 500 MB, and Java 17 or later

test: setup ## every test, but those of `make test-more`
	python -m pytest -n 3 --dist loadfile --no-loadscope-reorder $(addprefix --ignore=,$(MORE))

test-more: setup $(SPARK) ## the tests of Spark, its types, and every bench in its smallest form (five minutes)
	mypy
	python -m pytest $(MORE)

interleavings: $(READY) ## the steps in every order of their calls, in cases that take minutes
	python -m tests.interleaving

lint: $(READY) $(CHECKOV) ## formatting, types, and who may import whom
	ruff check .
	ruff format --check .
	mypy
	lint-imports
	bandit --quiet --configfile pyproject.toml --recursive $(CODE)
	if command -v terraform >/dev/null; then terraform fmt -check -recursive infra; fi
	$(CHECKOV) --config-file infra/.checkov.yaml

format: $(READY) ## put the code into the common form
	ruff check --fix .
	ruff format .

lock: $(READY) ## compile pyproject.toml into the requirements files
	pip install --quiet uv
	uv pip compile --quiet --universal --python-version 3.13 --generate-hashes --no-header pyproject.toml -o requirements.txt
	uv pip compile --quiet --universal --python-version 3.13 --generate-hashes --no-header --extra dev -c requirements.txt pyproject.toml -o requirements-dev.txt
	uv pip compile --quiet --universal --python-version 3.13 --generate-hashes --no-header --extra batch -c requirements-dev.txt pyproject.toml -o requirements-batch.txt
	uv pip compile --quiet --universal --python-version 3.13 --generate-hashes --no-header infra/requirements.in -o infra/requirements.txt
	uv pip compile --quiet --universal --python-version 3.13 --generate-hashes --no-header infra/audit.in -o infra/audit.txt
	uv pip compile --quiet --universal --python-version 3.13 --generate-hashes --no-header bench/requirements-openvino.in -o bench/requirements-openvino.txt
	uv pip compile --quiet --python-version 3.11 --generate-hashes --no-header bench/requirements-torch.in -o bench/requirements-torch.txt \
		|| echo "bench/requirements-torch.txt stays as it was: say in UV_EXTRA_INDEX_URL where PyTorch's builds for the CPU are" >&2

audit: $(AUDIT) ## ask whether anything that is installed has a known hole; needs the network
	for file in requirements.txt requirements-dev.txt requirements-batch.txt infra/requirements.txt; do \
		$(AUDIT) --progress-spinner off --disable-pip --require-hashes -r $$file || exit 1; done

bench: setup rivals ## measure what is to be fast against what else there is, and say which reach is met (some minutes)
	mkdir -p build/bench
	python -m bench --json build/bench/bench.json

# What Uncia is measured against, each in an environment of its own; where one is missing, the bench says so.
rivals:
	-@$(MAKE) --no-print-directory .venv-openvino/ready
	-@$(MAKE) --no-print-directory .venv-torch/ready

load: setup ## send ten thousand images of real size through the local stack (takes 18 GB of disk meanwhile)
	mkdir -p build/load
	python -m bench.load --json build/load/load.json --picture docs/load.png

chaos: setup ## kill workers, stop storage and spoil answers under 2,000 images, and compare every row (15 minutes)
	python -m bench.chaos storm

AWAY := outage-Storage outage-Blob outage-Queue outage-Table
.PHONY: $(AWAY)
outage: setup ## ten minutes without storage, and without each of its services, side by side (half an hour)
	$(MAKE) --no-print-directory --jobs 4 $(AWAY)

$(AWAY): outage-%:
	python -m bench.chaos outage $(if $(filter Storage,$*),,--of $*)

clean: ## remove everything that was made
	rm -rf $(VENV) .venv-infra .venv-audit .venv-openvino .venv-torch devhost/azurite/node_modules models demo uncia.egg-info

$(READY): requirements-dev.txt pyproject.toml
	@$(or $(PYTHON),false) -c '$(IS_313)' 2>/dev/null || { echo "Uncia needs Python 3.13: install it, or say where" \
		"it is, as in: make $(MAKECMDGOALS) PYTHON=/usr/local/bin/python3.13" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

# Apart from the rest, which nobody is to wait 500 MB longer for. PySpark comes as source, and is built by what is there.
$(SPARK): requirements-batch.txt $(READY)
	pip install --quiet --disable-pip-version-check --no-build-isolation --require-hashes -r requirements-batch.txt
	touch $@

$(CHECKOV): infra/requirements.txt $(READY)
	$(PYTHON) -m venv .venv-infra
	.venv-infra/bin/pip install --quiet --disable-pip-version-check --require-hashes -r infra/requirements.txt
	touch $@

$(AUDIT): infra/audit.txt
	$(PYTHON) -m venv .venv-audit
	.venv-audit/bin/pip install --quiet --disable-pip-version-check --require-hashes -r infra/audit.txt
	touch $@

.venv-openvino/ready: bench/requirements-openvino.txt $(READY)
	$(PYTHON) -m venv $(@D)
	$(@D)/bin/pip install --quiet --disable-pip-version-check --require-hashes -r $<
	touch $@

# PyTorch's builds for the CPU alone are at an index of its own: pip finds them where PIP_EXTRA_INDEX_URL names it.
.venv-torch/ready: bench/requirements-torch.txt
	@command -v python3.11 >/dev/null || { echo "PyTorch is not measured: there is no python3.11" >&2; exit 1; }
	python3.11 -m venv $(@D)
	$(@D)/bin/pip install --quiet --disable-pip-version-check --require-hashes -r $<
	touch $@

$(AZURITE): devhost/azurite/package-lock.json $(READY)
	cd devhost/azurite && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	touch $@

models/backbone.onnx: $(READY)
	uncia backbone fetch || uncia backbone untrained
