# make run    the site at http://127.0.0.1:8000/       make test   every test, on both databases
# make check  what needs no database                   make bench  what a page costs
# make test-long   the long tests at full size         make coverage   what the tests reach
# make bench-search   what people find, on the pages and questions of ../shared/corpus
# make bench-proof    what the proofreader says of those pages, and how much of it is right
# make places-drill   every address at every moment, against a naive oracle
# make sbom           the libraries of the site, as CycloneDX
# make antivirus-drill   the virus scanner, against Debian's clamd
# make leak-drill     120 files that hide something and 300 that do not
# make ops-drill      two machines behind nginx: killed, upgraded, and what they need frozen
PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8000
DATA_DIR ?= var
WORKERS ?= 2
export DATA_DIR

# Programs are started as modules: their scripts name the folder in which they were installed.
bin := .venv/bin
pip := $(bin)/python -m pip --disable-pip-version-check install --quiet --requirement
serve := $(bin)/python -m granian --interface asginl --no-ws --log-level warning \
	--log-config ministry_site/granian_log.json --workers $(WORKERS) --host $(HOST) --port $(PORT) \
	--respawn-failed-workers --workers-kill-timeout 3 ministry_site.asgi:application

# A worker takes a part of the files in one piece, so that what a file prepares is prepared once.
pytest = $(bin)/python -m pytest --dist worksteal --durations 15 --numprocesses

compile := $(bin)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--custom-compile-command "make lock"

vnu := .venv/vnu-26.9.27.jar

# In a session of its own, so that Ctrl-C reaches the server once: told twice, by the
# terminal too, its workers do not stop by themselves.
define start
setsid $(serve) & server=$$!; stopped=; \
trap "stopped=yes; kill -TERM $$server" HUP INT TERM; wait $$server; status=$$?; \
if [ "$$stopped" ]; then wait $$server; echo "停止しました。"; exit; fi; \
[ $$status = 0 ] || echo "サーバーが途中で終わりました（終了コード$$status）。" >&2; \
exit $$status
endef

.PHONY: run serve account check format lock audit test test-long coverage bench bench-peers bench-search bench-proof places-drill leak-drill ops-drill antivirus-drill sbom programs
.SILENT:

run: .venv/run
	$(bin)/python manage.py prepare --host "$(HOST)" --port "$(PORT)" --workers "$(WORKERS)"
	$(start)

# After `manage.py prepare --migrate-only`: the server alone, as deploy/ starts it.
serve: .venv/run
	$(start)

account: .venv/run
	$(bin)/python manage.py createsuperuser

# Types take as long as everything else together, so they are checked beside it.
check: .venv/dev
	$(bin)/python -m mypy & mypy=$$!; \
	$(bin)/python -m ruff check && \
	$(bin)/python -m ruff format --check && \
	$(bin)/python -c "from importlinter.cli import lint_imports_command as lint; lint()" && \
	$(bin)/python -m djlint templates --lint --quiet && \
	sh .ci/biome check --error-on-warnings && \
	DATA_DIR=$$(mktemp -d) && export DATA_DIR && \
	SECURITY_TXT_EXPIRES=$$(date -d "1 year" +%F) && export SECURITY_TXT_EXPIRES && \
	$(bin)/python manage.py check --fail-level WARNING && \
	HTTPS=on TRUSTED_PROXIES=1 ALLOWED_HOSTS=www.example.go.jp PUBLISHER_NAME=○○省 \
		SECURITY_CONTACT=mailto:security@example.go.jp \
		$(bin)/python manage.py check --deploy --fail-level WARNING && \
	$(bin)/python manage.py makemigrations --check && rm -r $$DATA_DIR; \
	others=$$?; wait $$mypy && exit $$others

format: .venv/dev
	$(bin)/python -m ruff check --fix-only
	$(bin)/python -m ruff format
	sh .ci/biome format --write

# Resolve requirements*.in into the locked requirements*.txt, after a change of the former.
lock: .venv/dev
	$(compile) requirements.in --output-file requirements.txt
	$(compile) requirements-s3.in --output-file requirements-s3.txt
	$(compile) requirements-sentry.in --output-file requirements-sentry.txt
	$(compile) requirements-dev.in --output-file requirements-dev.txt
	$(compile) requirements-drills.in --output-file requirements-drills.txt

# Known vulnerabilities of what is installed. Its source is on the network.
audit: .venv/dev
	$(bin)/python -m pip_audit --strict --disable-pip --requirement requirements.txt \
		--requirement requirements-s3.txt --requirement requirements-sentry.txt || { \
	echo "脆弱性が見つかったか、脆弱性の情報源につながりません（上の出力をご覧ください）。" >&2; exit 1; }

# What runs where and why: docs/adr/0031-what-runs-where.md. The browser's tests run beside the
# others and fill the time in which those wait; their output follows at the end.
test: .venv/dev programs $(vnu)
	report=$$(mktemp); TEST_PREPARED=$$(mktemp -d); export TEST_PREPARED; \
	$(pytest) 2 tests/browser >$$report 2>&1 & browser=$$!; \
	trap "kill $$browser; exit 1" INT TERM; \
	$(pytest) $$(nproc) --ignore=tests/browser; sqlite=$$?; \
	TEST_DATABASE=postgresql $(pytest) $$(nproc); postgresql=$$?; \
	wait $$browser; browser=$$?; cat $$report; \
	rm -r $$report $$TEST_PREPARED; \
	[ $$sqlite$$postgresql$$browser = 000 ]

# Each process of the tests compiles what it imports, unless one before it was allowed to keep that.
test coverage: export PYTHONDONTWRITEBYTECODE =

# The long tests at full size, and more of the others on both databases.
test-long: export TEST_LONG = 1
test-long: test

# How much of the site's lines the tests reach on SQLite, without the browser and child processes.
coverage: .venv/dev programs $(vnu)
	$(pytest) $$(nproc) --ignore=tests/browser --cov=bureaus --cov=ministry_site \
		--cov-branch --cov-report=term:skip-covered

# What people find with questions as they type them, on each database.
bench-search: .venv/dev programs
	$(bin)/python -m tests.bench.spellings
	$(bin)/python -m tests.bench.sample_site
	TEST_DATABASE=postgresql $(bin)/python -m tests.bench.sample_site
	$(bin)/python -m tests.bench.questions
	TEST_DATABASE=postgresql $(bin)/python -m tests.bench.questions

# What the proofreader finds in real pages, how much of it was judged right, and how fast it is.
bench-proof: .venv/dev
	$(bin)/python -m tests.bench.proofreading

# The same page from this site, Wagtail and feincms3, in one run. Needs wrk, and package registries.
bench-peers: .venv/dev
	$(bin)/python -m tests.bench.peers

bench: .venv/dev
	$(bin)/python -m tests.bench.pages 20 1000 100000
	$(bin)/python -m tests.bench.search 20000 100000
	$(bin)/python -m tests.bench.importing 10000

# 20,000 pages and 500 random changes of the tree on each database; ten minutes and more.
places-drill: .venv/dev programs
	$(bin)/python -m tests.drills.places
	TEST_DATABASE=postgresql $(bin)/python -m tests.drills.places

# Files of ten producers; installs none of them, and names those that the machine lacks.
leak-drill: .venv/drills
	$(bin)/python -m tests.drills.leaks

# Two machines behind nginx, and what an operator fears; some minutes.
ops-drill: .venv/dev programs
	$(bin)/python -m tests.drills.ops

# Debian's clamav-daemon with the one signature of its harmless test file; some seconds.
antivirus-drill: .venv/dev
	$(bin)/python -m tests.drills.antivirus

# What the site is made of, from the locked lists, as CycloneDX 1.6.
sbom: .venv/dev
	cat requirements.txt requirements-s3.txt requirements-sentry.txt | \
		$(bin)/python -W ignore -m cyclonedx_py requirements - --pyproject pyproject.toml \
		--mc-type application --output-reproducible --of JSON --spec-version 1.6 --output-file sbom.json

.venv/bin/python:
	sh .ci/venv $(PYTHON)

.venv/run: requirements.txt | .venv/bin/python
	echo "必要なものを .venv に入れています……"
	$(pip) requirements.txt
	touch $@

.venv/dev: requirements-dev.txt .venv/run
	$(pip) requirements-dev.txt
	touch $@

.venv/drills: requirements-drills.txt .venv/dev
	$(pip) requirements-drills.txt
	touch $@

# What the tests start besides Python. What cannot be had they skip, and say so.
programs:
	sh .ci/programs

$(vnu): | .venv/dev programs
	sh .ci/vnu $@ || true
