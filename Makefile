# Levier. Needs Python 3.11 or newer, make and git; everything else is fetched, locked by hash.

PYTHON ?=
VENV := .venv
PY := $(VENV)/bin/python
PIP := $(PY) -m pip --disable-pip-version-check --no-input --quiet
COMPILE := $(PY) -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-header --no-annotate
export PIP_ROOT_USER_ACTION = ignore
export DEBIAN_FRONTEND = noninteractive

.PHONY: help demo test check bench lock plurals migrations-fresh browser
.DEFAULT_GOAL := help

help:
	@echo "make demo    la démonstration complète (PORT=8000, LEVIER_DATA=./var)"
	@echo "make test    tous les tests"
	@echo "make check   style, types, étages, gabarits, migrations"
	@echo "make bench   les mesures, en rapports à une référence"
	@echo "make lock    refait les verrous des dépendances"

demo: $(VENV)/runtime.stamp
	@exec $(PY) -m levier.project.cli demo

test: $(VENV)/dev.stamp browser
	@exec $(PY) -m pytest

check: $(VENV)/dev.stamp
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy
	$(VENV)/bin/lint-imports --no-cache
	$(PY) -m djlint --lint --quiet src/levier/templates
	LEVIER_DATA=$${LEVIER_DATA:-./var/check} $(PY) -m levier.project.cli makemigrations --check --dry-run

bench: $(VENV)/dev.stamp
	@exec $(PY) -m bench

lock: $(VENV)/dev.stamp
	$(COMPILE) pyproject.toml -o requirements/runtime.txt
	$(COMPILE) pyproject.toml --extra dev -o requirements/dev.txt
	$(COMPILE) requirements/build.in -o requirements/build.txt

# After a change in a text that counts something.
plurals: $(VENV)/dev.stamp
	$(PY) -m levier.project.cli makeplurals

# While nothing is released: one initial migration, made again, before the handwritten one.
migrations-fresh: $(VENV)/dev.stamp
	rm -f src/levier/migrations/0001_initial.py
	mv src/levier/migrations/0002_database_objects.py src/levier/migrations/.0002_database_objects.kept
	LEVIER_DATA=./var/fresh $(PY) -m levier.project.cli makemigrations levier --name initial; \
	code=$$?; \
	mv src/levier/migrations/.0002_database_objects.kept src/levier/migrations/0002_database_objects.py; \
	exit $$code
	DJANGO_SETTINGS_MODULE=levier.project.settings LEVIER_DATA=./var/fresh \
		$(PY) .ci/merge-migration.py src/levier/migrations
	$(PY) -m ruff format --quiet src/levier/migrations
	LEVIER_DATA=./var/fresh $(PY) -m levier.project.cli makemigrations --check --dry-run
	rm -rf ./var/fresh

$(VENV)/runtime.stamp: requirements/runtime.txt requirements/build.txt pyproject.toml $(PY)
	@echo "levier : installation des dépendances…"
	@$(PIP) install --require-hashes -r requirements/build.txt
	@$(PIP) install --require-hashes -r requirements/runtime.txt
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/dev.stamp: $(VENV)/runtime.stamp requirements/dev.txt
	@echo "levier : installation des outils de développement…"
	@$(PIP) install --require-hashes -r requirements/dev.txt
	@touch $@

$(PY):
	@sh .ci/make-venv "$(VENV)" "$(PYTHON)"

browser:
	@sh .ci/install-chromium
