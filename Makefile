# `make help` lists the targets. Needs GNU Make 3.81 or newer and Python 3.11 or newer, nothing else.
# Make only asks: whether a build is due, and where it goes, is the command line's business.
MAKEFLAGS += --no-builtin-rules
.NOTPARALLEL:
.DEFAULT_GOAL := help
unexport PYTHONDONTWRITEBYTECODE PYTHONPATH # without compiled bytecode every notebook starts five seconds later

# What may be set: make report QUARTER=2020Q2 BASELINE=2020Q1 DATA=path AS_OF=2020-10-31 FLOOR=medium AUDIENCE=internal LANGUAGE=de PREVIOUS=path
# Plain text, handed to recipes through the environment: never part of a command or of an expression of make.
override QUARTER := $(or $(value QUARTER),$(value PERIOD))
override BASELINE := $(value BASELINE)
override DATA := $(or $(value DATA),data)
override AS_OF := $(value AS_OF)
override FLOOR := $(or $(value FLOOR),low)
override PREVIOUS := $(value PREVIOUS)
override AUDIENCE := $(or $(value AUDIENCE),public)
override LANGUAGE := $(value LANGUAGE)
override FROM := $(value FROM)
override TO := $(value TO)
override OUTPUT := $(or $(value OUTPUT),workbook.xlsx)
override LAB_OPTIONS := $(value LAB_OPTIONS)
override PORT := $(or $(value PORT),8765)
override ROUNDS := $(or $(value ROUNDS),3)
override SIZES := $(value SIZES)
override PY := $(or $(value PY),.venv/bin/python)# in an environment of your own (conda, mamba): make report PY=python
export QUARTER BASELINE DATA AS_OF FLOOR PREVIOUS AUDIENCE LANGUAGE FROM TO OUTPUT LAB_OPTIONS PORT ROUNDS SIZES PY
CLI := @PYTHONPATH="$$PWD/src" "$$PY" -m incident_report# of this folder, whatever else that Python has installed
EDITION := --quarter="$$QUARTER" --baseline="$$BASELINE" --data="$$DATA" --as-of="$$AS_OF" --confidence-floor="$$FLOOR" --previous="$$PREVIOUS" --audience="$$AUDIENCE" --language="$$LANGUAGE"
BUILD := $(CLI) build --if-due $(EDITION)

.PHONY: help env lab report html pdf brief docx explore figures release verify editions serve check-data codebook new-quarter story workbook review scoresheet diff test lab-test explorer-test chaos lint audit bench bench-size bench-pdf lock clean

help: ; @awk -F ':.*## ' '/^[a-z-]+:.*## [a-z]/ { sub(":.*", "", $$1); printf "  %-13s %s\n", $$1, $$2 }' Makefile ## list the targets
env: ; @[ "$$PY" != .venv/bin/python ] || sh scripts/environment.sh ## set up .venv from requirements.lock
lab: env ; @"$$PY" -m jupyterlab --ServerApp.root_dir="$$PWD" --LabApp.default_url=/lab/tree/notebooks/README.md --LabApp.app_settings_dir="$$PWD/scripts/lab" $$([ "$$(id -u)" != 0 ] || echo --allow-root) $$LAB_OPTIONS ## open the notebooks in JupyterLab, at a page that says where to begin; LAB_OPTIONS="--no-browser --port=9000"
report: env ; $(BUILD) --only=html,pdf,figures ## build the report; QUARTER=2020Q2 for another edition, DATA=path for another campaign
html: env ; $(BUILD) --only=html ## only the web page
pdf: env ; $(BUILD) --only=pdf ## only the PDF
brief: env ; $(BUILD) --only=brief ## only the two front pages, as brief.pdf
docx: env ; $(BUILD) --only=docx ## an editable Word file
explore: env ; $(BUILD) --only=explore ## only the explorer, as explore.html: one file to mail or to host
figures: env ; $(BUILD) --only=figures --png ## only the figures, as SVG, PNG and CSV
release: env ; $(CLI) release --data="$$DATA" --language="$$LANGUAGE" -- "$$QUARTER" ## make a version of an edition that is signed: make release QUARTER=2020Q3
verify: env ; $(CLI) verify $(EDITION) ## compare what was built with its provenance
editions: env ; $(CLI) editions ## the index of the editions in reports/, with a feed; every build writes it too
serve: env ; $(CLI) serve --port="$$PORT" ## show what stands in reports/ in a browser on this machine; PORT=9000 for another port
check-data: env ; $(CLI) check-data --data="$$DATA" --as-of="$$AS_OF" ## check the data and name every fault
codebook: env ; $(CLI) codebook --data="$$DATA" ## write data/README.md from data/datapackage.json
new-quarter: env ; $(CLI) new-quarter --data="$$DATA" -- "$$QUARTER" ## start incidents file and story: make new-quarter QUARTER=2020Q4
story: env ; $(CLI) story --data="$$DATA" --quarter="$$QUARTER" ## preview the quarter's story and name what no longer holds
workbook: env ; $(CLI) workbook --data="$$DATA" --out="$$OUTPUT" ## the tables as an Excel workbook; incident-report import brings it back
review: env ; $(CLI) review --data="$$DATA" -- "$$QUARTER" ## a workbook to review the edition with; incident-report review --back FILE takes it back
scoresheet: env ; $(CLI) scoresheet --data="$$DATA" ## a workbook to score the policy options with
diff: env ; $(CLI) diff --from="$$FROM" --to="$$TO" ## what changed between two editions: make diff FROM=2020Q2 TO=2020Q3
test: env ; @"$$PY" -m pytest -n 2 --dist loadgroup ## check code and report: style, types and every test
lab-test: env ; @"$$PY" -m pytest tests/report/test_lab_browser.py -m lab ## every notebook in JupyterLab, in a browser
explorer-test: ; @cd tests/explorer && npm ci --no-audit --no-fund --silent && npm run --silent types && npm run --silent format && npm test --silent ## types, format and logic of the explorer; the only thing that needs node
chaos: env ; @LONG=1 "$$PY" -m pytest -n 2 --dist loadgroup -m "not lab" ## every test in its longest form: kills, full disks, odd names, random data, thin editions
lint: env ; @"$$PY" -m ruff check . && "$$PY" -m mypy ## ruff and mypy
audit: env ; @"$$PY" scripts/audit.py ## known weaknesses and licences of what is installed
bench: env ; @"$$PY" scripts/bench.py run --rounds="$$ROUNDS" --sizes="$$SIZES" && "$$PY" scripts/bench.py write ## time the report against a plain script and papermill with nbconvert, and the notebooks in JupyterLab; writes docs/performance.md; ROUNDS=1, SIZES=100,10000
bench-size: env ; @"$$PY" scripts/bench.py run --rounds=0 --editions=24 --growth --sizes="$${SIZES:-100,1000,10000,100000,100000/1,1000000}" && "$$PY" scripts/bench.py write ## time 24 editions in turn and as a batch, how each analysis grows, and campaigns of 10² to 10⁶ rows, into the same page: SIZES=rows[/quarters],...
bench-pdf: env ; @"$$PY" scripts/bench_pdf.py ## time the PDF exporter against nbconvert's own
lock: env ; @sh scripts/environment.sh lock ## pin the newest versions that pyproject.toml allows
clean: ; @if find reports -maxdepth 3 -type d -name 'v[0-9]*.[0-9]*' 2>/dev/null | grep -q .; then echo "reports/ holds released versions and stays"; else rm -rf reports; fi; rm -rf .cache .pytest_cache .mypy_cache .ruff_cache .hypothesis ## remove what was built, not the environment, nor a release
