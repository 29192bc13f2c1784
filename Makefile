# make run    the site at http://127.0.0.1:8000/       make test   every test, on both databases
# make check  what needs no database                   make bench  what a page costs
PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8000
DATA_DIR ?= var
WORKERS ?= 2
export DATA_DIR

# Programs are started as modules: their scripts name the folder in which they were installed.
bin := .venv/bin
pip := $(bin)/python -m pip --disable-pip-version-check install --quiet --requirement
serve := $(bin)/python -m granian --interface asginl --no-ws --log-level warning --workers $(WORKERS) \
	--host $(HOST) --port $(PORT) --respawn-failed-workers \
	--workers-kill-timeout 3 ministry_site.asgi:application

# Two workers more than cores, as stories wait: for a clock, for the network, for each other. Each
# takes a part of the files in one piece, so that what a file prepares is prepared once.
pytest = $(bin)/python -m pytest --numprocesses $$(($$(nproc) + 2)) --dist worksteal

compile := $(bin)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--custom-compile-command "make lock"

vnu := .venv/vnu-26.9.27.jar

.PHONY: run account check format lock audit test bench programs
.SILENT:

# In a session of its own, so that Ctrl-C reaches the server once: told twice, by the
# terminal too, its workers do not stop by themselves.
run: .venv/run
	$(bin)/python manage.py prepare --host "$(HOST)" --port "$(PORT)" --workers "$(WORKERS)"
	setsid $(serve) & server=$$!; stopped=; \
	trap "stopped=yes; kill -TERM $$server" HUP INT TERM; wait $$server; status=$$?; \
	if [ "$$stopped" ]; then wait $$server; echo "停止しました。"; exit; fi; \
	[ $$status = 0 ] || echo "サーバーが途中で終わりました（終了コード$$status）。" >&2; \
	exit $$status

account: .venv/run
	$(bin)/python manage.py createsuperuser

check: .venv/dev
	$(bin)/python -m ruff check
	$(bin)/python -m ruff format --check
	$(bin)/python -m mypy
	$(bin)/python -c "from importlinter.cli import lint_imports_command as lint; lint()"
	$(bin)/python -m djlint templates --lint --quiet
	sh .ci/biome check --error-on-warnings
	DATA_DIR=$$(mktemp -d) && export DATA_DIR && \
	SECURITY_TXT_EXPIRES=$$(date -d "1 year" +%F) && export SECURITY_TXT_EXPIRES && \
	$(bin)/python manage.py check --fail-level WARNING && \
	HTTPS=on TRUSTED_PROXIES=1 ALLOWED_HOSTS=www.example.go.jp \
		$(bin)/python manage.py check --deploy --fail-level WARNING && \
	$(bin)/python manage.py makemigrations --check && rm -r $$DATA_DIR

format: .venv/dev
	$(bin)/python -m ruff check --fix-only
	$(bin)/python -m ruff format
	sh .ci/biome format --write

# Resolve requirements*.in into the locked requirements*.txt, after a change of the former.
lock: .venv/dev
	$(compile) requirements.in --output-file requirements.txt
	$(compile) requirements-s3.in --output-file requirements-s3.txt
	$(compile) requirements-dev.in --output-file requirements-dev.txt

# Known vulnerabilities of what is installed. Its source is on the network.
audit: .venv/dev
	$(bin)/python -m pip_audit --strict --disable-pip --requirement requirements.txt \
		--requirement requirements-s3.txt || { \
	echo "脆弱性が見つかったか、脆弱性の情報源につながりません（上の出力をご覧ください）。" >&2; exit 1; }

# What is a pure function or a child process, and what looks at one screen of the admin, in the
# browser too: once is enough, as the walk asks every address of the admin on both databases.
once := browser admin/test_approval.py admin/test_approval_outcomes.py admin/test_compare.py \
	admin/test_document_detail.py admin/test_edition_form.py admin/test_edition_actions.py \
	admin/test_image_detail.py admin/test_move.py admin/test_bulk_move.py \
	admin/test_page_detail.py admin/test_next_actions.py admin/test_previews.py \
	admin/test_findings.py admin/test_releases.py admin/test_rich_text_attacks.py \
	admin/test_row_uploads.py admin/test_uploads.py admin/test_search_terms.py \
	admin/test_autosave.py admin/test_autosave_kept.py text/test_alt_text.py \
	reading/test_body_html.py text/test_differences.py publishing/test_edition_matrix.py \
	project/test_project.py uploads/test_documents.py uploads/test_images.py \
	admin/test_japanese.py serving/test_make.py serving/test_outages.py \
	proofreading/test_proofreading.py proofreading/test_false_alarms.py \
	proofreading/test_hostile.py proofreading/test_rules.py proofreading/test_wording.py \
	text/test_rich_text.py serving/test_settings.py project/test_style_sheet.py \
	text/test_html_normalizer.py formats/test_valid_html.py text/test_folding.py

test: .venv/dev programs $(vnu)
	$(pytest); first=$$?; \
	TEST_DATABASE=postgresql $(pytest) $(addprefix --ignore=tests/,$(once)) && exit $$first

bench: .venv/dev
	$(bin)/python -m tests.bench.pages 20 1000 100000
	$(bin)/python -m tests.bench.search 20000 100000
	$(bin)/python -m tests.bench.proofreading

.venv/bin/python:
	sh .ci/venv $(PYTHON)

.venv/run: requirements.txt | .venv/bin/python
	echo "必要なものを .venv に入れています……"
	$(pip) requirements.txt
	touch $@

.venv/dev: requirements-dev.txt .venv/run
	$(pip) requirements-dev.txt
	touch $@

# What the tests start besides Python. What cannot be had they skip, and say so.
programs:
	sh .ci/programs

$(vnu): | .venv/dev programs
	sh .ci/vnu $@ || true
