# Every target makes the virtual environment it needs; nothing but Python >= 3.11 has to be there.
#
#   make demo       an example: a function, its tangent and its adjoint
#   make test       the test suite, doctests included
#   make test-all   the same on every supported Python that is found
#   make lint       ruff (rules and format), mypy
#   make format     let ruff rewrite
#   make bench      the benchmarks
#   make fuzz       random programs against the oracle; N=100000 of them, SEED=3 for others
#   make clean      remove what these targets made
#
# PYTHON=python3.12 chooses the interpreter of a new environment, VENV=dir its place.

PYTHON ?= python3
VENV ?= .venv
N ?= 1000
SEED ?= 0
JOBS ?= 2

# For test-all: the interpreters to try. The first of each version is taken.
PYTHONS ?= python3.11 python3.12 python3.13 $(sort $(wildcard $(HOME)/.pyenv/versions/3.1[123]*/bin/python))
SUPPORTED = 3.11 3.12 3.13

IN_VENV = $(VENV)/bin/python
PIP_INSTALL = $(IN_VENV) -m pip install --quiet --disable-pip-version-check

.PHONY: help demo test test-all lint format bench fuzz clean
.NOTPARALLEL: # the targets share an environment

help:
	@sed -n 's/^#   //p' Makefile

demo: $(VENV)/.has-core
	$(IN_VENV) -m srcad.show examples/sigmoid.py --mode both

test: $(VENV)/.has-test
	$(IN_VENV) -m pytest -n auto

lint: $(VENV)/.has-dev
	$(IN_VENV) -m ruff check .
	$(IN_VENV) -m ruff format --check .
	$(IN_VENV) -m mypy --strict srcad tests/typing_examples.py

format: $(VENV)/.has-dev
	$(IN_VENV) -m ruff check --fix .
	$(IN_VENV) -m ruff format .

bench: $(VENV)/.has-test
	$(IN_VENV) -m tests.benchmarks

fuzz: $(VENV)/.has-test
	$(IN_VENV) -m tests.fuzz $(N) --memory --seed $(SEED) --jobs $(JOBS)

# One failing version does not keep the others from being tried; the summary comes last.
test-all:
	@found= ; passed= ; failed= ; \
	for python in $(PYTHONS); do \
	    version=$$("$$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null) || continue; \
	    case " $$found " in *" $$version "*) continue;; esac; \
	    found="$$found $$version"; \
	    echo "== Python $$version ($$python)"; \
	    if $(MAKE) --no-print-directory test PYTHON="$$python" VENV=".venvs/$$version"; \
	    then passed="$$passed $$version"; else failed="$$failed $$version"; fi; \
	done; \
	missing= ; \
	for version in $(SUPPORTED); do \
	    case " $$found " in *" $$version "*) ;; *) missing="$$missing $$version";; esac; \
	done; \
	echo "== passed:$${passed:- none}; failed:$${failed:- none}; not found:$${missing:- none}"; \
	test -n "$$passed" && test -z "$$failed"

clean:
	rm -rf .venv .venvs .pytest_cache .mypy_cache .ruff_cache dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# A stamp says what an environment holds; it is made last, so an interrupted install is done again.
$(VENV)/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "srcad needs Python 3.11 or later; $(PYTHON) is %d.%d: choose with PYTHON=..." % sys.version_info[:2])'
	$(PYTHON) -m venv --clear $(VENV)
	@touch $@

$(VENV)/.has-core: $(VENV)/.made pyproject.toml
	$(PIP_INSTALL) --editable .
	@touch $@

$(VENV)/.has-test $(VENV)/.has-dev: $(VENV)/.has-%: $(VENV)/.made pyproject.toml
	$(PIP_INSTALL) --editable '.[$*]'
	@touch $@
