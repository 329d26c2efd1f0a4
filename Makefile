# 常用命令。不带参数的 make 列出全部。
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules --no-print-directory

PYTHON ?= $(shell for p in python3.11 python3; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo "$$p"; break; }; done)
PORT ?= 8000
comma := ,
BIN := .venv/bin
MUTANT_AREAS := pay records rights states
MUTANT_SAMPLE := pay records rights
MANAGE := $(BIN)/python manage.py
PIP := $(BIN)/python -m pip --disable-pip-version-check -qq install

.PHONY: help venv demo serve test quick test-sqlite test-postgres test-browser screenshots lint format types check bench clean mutants mutants-sample torture

help: ## 列出全部命令
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.venv/bin/python:
	@if [ -z "$(PYTHON)" ]; then echo "需要 Python 3.11 或更新的版本，没有找到。" >&2; exit 1; fi
	@echo "创建虚拟环境 .venv（$(PYTHON)）……"
	@"$(PYTHON)" -m venv .venv || { rm -rf .venv; echo "创建失败。Debian 上请先安装 python3-venv。" >&2; exit 1; }

.venv/runtime.stamp: requirements.txt | .venv/bin/python
	@echo "安装运行依赖……"
	@$(PIP) -r requirements.txt
	@touch $@

.venv/dev.stamp: requirements-dev.txt .venv/runtime.stamp
	@echo "安装开发与测试依赖……"
	@$(PIP) -r requirements-dev.txt
	@touch $@

venv: .venv/dev.stamp ## 建立 .venv 并安装开发与测试依赖（依赖文件变了才重装）
	@:

demo: export DEBUG = 1
demo: .venv/runtime.stamp ## 演示：建库、导入演示数据、做完一个月的工资，然后开网站（NOSERVE=1 不开）
	@echo "准备数据库……"
	@$(MANAGE) migrate --verbosity 0
	@echo "装入区划、政策、样表、账号和演示人员……"
	@$(MANAGE) load_demo
	@echo "确认演示用的系数表，计算、报送、批准最近一个月……"
	@$(MANAGE) demo_month
	@$(MANAGE) load_demo_ordos
	@if [ "$${NOSERVE:-}" != 1 ]; then $(MAKE) serve; fi

serve: export DEBUG = 1
serve: .venv/runtime.stamp ## 在本机开网站（127.0.0.1:8000；换端口用 PORT=）
	@echo "网站：http://127.0.0.1:$(PORT)/ （按 Ctrl+C 停止）"
	@exec $(MANAGE) runserver 127.0.0.1:$(PORT) --noreload

test: venv ## 全部测试：PostgreSQL、SQLite、浏览器、消息队列；缺什么略过什么并说明（两核六分钟）
	@bash .ci/test all $(ARGS)

quick: venv ## 改动时用：不用数据库的测试，加上改动所及的（四十秒）
	@bash .ci/test quick $(ARGS)

test-sqlite: venv ## 只在 SQLite 上测试（ARGS= 传给 pytest）
	@bash .ci/test sqlite $(ARGS)

test-postgres: venv ## 只在 PostgreSQL 上测试（地址用 TEST_DATABASE_URL）
	@bash .ci/test postgres $(ARGS)

test-browser: venv ## 只做浏览器测试（需要 Chromium）
	@bash .ci/test browser $(ARGS)

screenshots: venv ## 用演示数据重拍 docs/screenshots/ 里的页面截图（需要 Chromium）
	@$(BIN)/python -m tests.browser.screenshots

mutants: venv ## 变异测试：在规则、权限、流转里放入小错，看测试是否发现（全部约半小时；EVERY=5 每五个试一个）
	@status=0; for area in $(MUTANT_AREAS); do \
		$(BIN)/python -m tests.mutation $$area --every $(or $(EVERY),1) || status=1; done; exit $$status

mutants-sample: venv ## 变异测试的一小部分，不到一分钟
	@for area in $(MUTANT_SAMPLE); do $(BIN)/python -m tests.mutation $$area --sample; done

torture: venv ## 全尺寸的折磨：处处杀进程、杀数据库、写满磁盘、有害文件、50人同时办理、变异测试（PARTS= 只做其中几样）
	@bash .ci/torture $(PARTS)

lint: venv ## 代码检查与排版检查
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

format: venv ## 自动排版与修正
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

types: venv ## 类型检查（规则、政策、期间、用语、金额）
	@$(BIN)/mypy

check: lint types ## 代码、类型、部署设置、迁移是否齐全
	@bash .ci/deploy-check

bench: export SECRET_KEY ?= bench-bench-bench-bench-bench-bench-bench-bench-bench
bench: .venv/runtime.stamp ## 性能基准，自建自删的库，约半小时（SIZES=1000,10000 快些；ENGINE=sqlite 不用 PostgreSQL；ARGS="--pages 1000000" 只量大库的页面）
	@if [ -z "$${DATABASE_URL:-}" ] && [ "$(ENGINE)" != sqlite ]; then \
		DATABASE_URL=$$($(BIN)/python .ci/find_postgres.py) && export DATABASE_URL || echo "在 SQLite 上量。" >&2; fi; \
	exec $(BIN)/python -m tests.bench $(or $(SIZES),1000$(comma)10000$(comma)100000) $(ARGS)

clean: ## 删除 .venv 与各种缓存（不动 var/ 里的数据）
	@rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis test-results
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
	@echo "已清理。"
