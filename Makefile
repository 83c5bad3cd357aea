# Everything that a fresh machine with Python 3.11 and make needs is set up by the targets themselves.
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/ready

.PHONY: demo test check bench agreement prove-runner prove-suite prove-registry reports suite-data clean

## the main job: reference cloud, run, score, sign, verify, report
demo: $(READY)
	PATH="$(CURDIR)/$(BIN):$$PATH" bash .ci/demo

## all tests with coverage; they start reference clouds of their own
test: $(READY)
	PATH="$(CURDIR)/$(BIN):$$PATH" bash .ci/test

## lint and types
check: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

## figures, with raw counts
bench: $(READY)
	$(BIN)/python benchmarks/startup.py
	$(BIN)/python benchmarks/scoring.py
	$(BIN)/python benchmarks/impact.py
	$(BIN)/python benchmarks/attest.py
	$(BIN)/python benchmarks/importing.py
	$(BIN)/python -m benchmarks.speed
	$(BIN)/python -m benchmarks.speed --profile slow --runs 1
	$(BIN)/python benchmarks/registry.py

## do the native engine and Tempest agree on 2020.06 (in $DEFCORE_OFFICIAL)? about eight minutes
agreement: $(READY)
	$(BIN)/python benchmarks/agreement.py

## what the runner promises about bad days, with counts: kills, a noisy network, a tarpit, secrets … (about 25 minutes)
prove-runner: $(READY)
	$(BIN)/python -m benchmarks.prove_runner

## what the registry's server promises, with counts: ten thousand reports, fifty kills (about ten minutes)
prove-registry: $(READY)
	$(BIN)/python -m benchmarks.registry_serve
	$(BIN)/python -m benchmarks.registry_kills

## which lies of a cloud the suite notices: every test, every fault that applies, on a reference cloud of its own; and
## for forty of these tests, which of the same lies Tempest notices; what ships of it is capabilities/strength.json
prove-suite: PROOF := proofs/$(shell date -u +%Y%m%dT%H%M%SZ)
prove-suite: $(READY)
	$(BIN)/defcore suite prove -n 4 --out $(PROOF)
	cp $(PROOF)/strength.json capabilities/strength.json
	$(BIN)/python -m benchmarks.lies --proof $(PROOF)

## everything that reports/ ships, anew: an authority, a vendor, five signed reports of the reference cloud (half a minute)
reports: $(READY)
	$(BIN)/python .ci/reports.py

## what is made of the suite, made anew: operations.json from a run on a full reference cloud, and docs/suite
suite-data: $(READY)
	$(BIN)/python .ci/suite_data.py

$(READY): pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	touch $(READY)

clean:
	rm -rf $(VENV) .coverage .coverage.* .pytest_cache .mypy_cache .ruff_cache .hypothesis build dist
