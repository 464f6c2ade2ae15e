# `make help` lists the targets. Needs GNU Make 3.81 or newer and Python 3.11 or newer, nothing else.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:
.SUFFIXES:
MAKEFLAGS += --no-builtin-rules
# Without compiled bytecode every notebook starts five seconds later.
unexport PYTHONDONTWRITEBYTECODE PYTHONPATH

# What may be set: make report QUARTER=2020Q2 BASELINE=2020Q1 DATA=path AS_OF=2020-10-31 FLOOR=medium
# Taken as plain text, and handed to recipes through the environment: never part of a command.
override QUARTER := $(value QUARTER)
override BASELINE := $(value BASELINE)
override DATA := $(or $(value DATA),data)
override AS_OF := $(value AS_OF)
override FLOOR := $(or $(value FLOOR),low)
override PREVIOUS := $(value PREVIOUS)
override FROM := $(value FROM)
override TO := $(value TO)
override OUTPUT := $(or $(value OUTPUT),workbook.xlsx)
export QUARTER BASELINE DATA AS_OF FLOOR PREVIOUS FROM TO OUTPUT
# In an environment of your own (conda, mamba): make report PY=python
PY := .venv/bin/python
CLI = $(PY) -m incident_report
BUILD = $(CLI) build --quarter="$$QUARTER" --baseline="$$BASELINE" --data="$$DATA" \
	--as-of="$$AS_OF" --confidence-floor="$$FLOOR" --previous="$$PREVIOUS"
ENV := $(if $(filter .venv/bin/python,$(PY)),.venv/.stamp)

# The edition counts only if its file is there: no path is ever made from what was typed. Where it is
# empty (no such quarter, or a data path that make cannot hold), the command line says what is wrong.
FOLDER := $(if $(filter 1,$(words $(DATA))),$(abspath $(DATA)))
THERE := $(patsubst $(FOLDER)/incidents/%.csv,%,$(wildcard $(FOLDER)/incidents/????Q[1-4].csv))
EDITION := $(if $(QUARTER),$(if $(findstring %,$(QUARTER))$(word 2,$(QUARTER)),,$(filter $(QUARTER),$(THERE))),$(lastword $(sort $(THERE))))
EDITION := $(if $(filter 1,$(words $(EDITION))),$(if $(FOLDER),$(EDITION)))

# Where the build puts a report (incident_report.build.report.places): other campaigns by name.
LAST := $(notdir $(FOLDER))
NAME := $(if $(filter data,$(LAST)),$(notdir $(patsubst %/,%,$(dir $(FOLDER)))),$(LAST))
PLACE := $(if $(filter $(CURDIR)/data,$(FOLDER)),,$(NAME)/)$(EDITION)
OUT := reports/$(PLACE)

# What a report is made of; the signature notices a file that went away and a changed setting.
# (The outer wildcard drops the halves of names with a space, which make cannot hold.)
FILES := $(wildcard $(wildcard $(foreach e,csv yml json geojson,$(FOLDER)/*.$(e) $(FOLDER)/*/*.$(e))) \
	$(wildcard notebooks/[0-9][0-9]_*.ipynb) requirements.lock \
	$(shell find src templates -type f ! -name '*.pyc' ! -path '*.egg-info*' 2>/dev/null))
SIGNATURE := $(sort $(FILES)) $(BASELINE) $(AS_OF) $(FLOOR) $(PREVIOUS)
export SIGNATURE
NOTED := .cache/make/$(subst /,+,$(PLACE)).txt
INPUTS := $(FILES) $(NOTED)

.PHONY: help env lab report html pdf docx figures check-data codebook new-quarter workbook diff test lint lock clean FORCE

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

env: $(ENV) ## set up .venv from requirements.lock

lab: $(ENV) ## open the chapters in JupyterLab
	$(PY) -m jupyterlab --ServerApp.root_dir="$(CURDIR)" --LabApp.default_url=/lab/tree/notebooks

report: $(if $(EDITION),$(OUT)/report.html $(OUT)/report.pdf,refuse) ## build the report; QUARTER=2020Q2 for another edition, DATA=path for another campaign
html: $(if $(EDITION),$(OUT)/report.html,refuse) ## only the web page
pdf: $(if $(EDITION),$(OUT)/report.pdf,refuse) ## only the PDF
docx: $(if $(EDITION),$(OUT)/report.docx,refuse) ## an editable Word file
figures: $(if $(EDITION),figures/$(PLACE)/manifest.json,refuse) ## only the figures, as SVG, PNG and CSV

check-data: $(ENV) ## check the data and name every fault
	@$(CLI) check-data --data="$$DATA" --as-of="$$AS_OF"

codebook: $(ENV) ## write data/README.md from data/datapackage.json
	@$(CLI) codebook --data="$$DATA"

new-quarter: $(ENV) ## start an incidents file: make new-quarter QUARTER=2020Q4
	@$(CLI) new-quarter --data="$$DATA" -- "$$QUARTER"

workbook: $(ENV) ## the tables as an Excel workbook; incident-report import brings it back
	@$(CLI) workbook --data="$$DATA" --out="$$OUTPUT"

diff: $(ENV) ## what changed between two editions: make diff FROM=reports/2020Q2 TO=reports/2020Q3
	@$(CLI) diff --from="$$FROM" --to="$$TO"

test: lint ## check code and report: lint, then every test
	$(PY) -m pytest -n 2 --dist loadgroup

lint: $(ENV) ## ruff and mypy
	$(PY) -m ruff check .
	$(PY) -m mypy

bench-pdf: $(ENV) ## time the PDF exporter against nbconvert's own
	@$(PY) scripts/bench_pdf.py

lock: $(ENV) ## pin the newest versions that pyproject.toml allows
	$(PY) -m uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --upgrade \
		--generate-hashes --quiet --custom-compile-command "make lock" -o requirements.lock

clean: ## remove what was built, not the environment
	rm -rf reports .cache .pytest_cache .mypy_cache .ruff_cache .hypothesis

# One run of the notebooks serves all formats that are wanted.
$(OUT)/report.html: $(INPUTS) | $(ENV)
	@$(BUILD) --only=$(if $(filter report,$(MAKECMDGOALS)),html$(COMMA)pdf$(COMMA)figures,html)
$(OUT)/report.pdf: $(INPUTS) | $(ENV)
	@$(BUILD) --only=pdf
$(OUT)/report.docx: $(INPUTS) | $(ENV)
	@$(BUILD) --only=docx
figures/$(PLACE)/manifest.json: $(INPUTS) | $(ENV)
	@$(BUILD) --only=figures
COMMA := ,

refuse: $(ENV)
	@$(BUILD)
.PHONY: refuse

$(NOTED): $(if $(filter-out 0,$(words $(filter-out $(shell cat $(NOTED) 2>/dev/null),$(SIGNATURE)) $(filter-out $(SIGNATURE),$(shell cat $(NOTED) 2>/dev/null)))),FORCE)
	@mkdir -p .cache/make && printf '%s\n' "$$SIGNATURE" >$@

# Also made anew when the project's folder has moved.
.venv/.stamp: requirements.lock pyproject.toml scripts/environment.sh $(if $(filter $(CURDIR),$(shell cat .venv/.made-in 2>/dev/null)),,FORCE)
	@sh scripts/environment.sh
	@touch $@
