.DEFAULT_GOAL := help
PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8000
BIN := .venv/bin

.PHONY: help install install-programs run up down test test-pages test-quick faults check bench bench-peers bench-large lock

help: ## What can be made.
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-17s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

install: ## Install what running needs into .venv, once.
	@$(PYTHON) scripts/install.py requirements.lock

run: install ## Serve on HOST and PORT, with a key and a curl line to try.
	@exec $(BIN)/swiftcrm serve --quickstart --host $(HOST) --port $(PORT)

up: ## Build and start it in containers, with MongoDB and Redis.
	@docker compose up --build --detach --wait
	@echo 'Now make a project: docker compose exec api swiftcrm project create "Acme Ltd"'

down: ## Stop the containers; their data stays.
	@docker compose down

# The libraries of Node with which the tests of pages send leads.
CLIENTS := tests/pages/node_modules/.package-lock.json
$(CLIENTS): tests/pages/package-lock.json
	@$(PYTHON) scripts/programs.py --check test-pages
	@npm ci --prefix tests/pages --ignore-scripts --no-audit --no-fund --silent && touch $@

# A file is one worker's, with servers of its own: its tests share them. Half of the time is spent
# waiting for servers: four workers keep two processors busy. Hundreds of servers start: the first
# writes down what Python compiled, also where the environment says not to, for all others.
test: export PYTHONDONTWRITEBYTECODE =
test: install-dev ## Run the tests; all that they need of Python is installed, servers included.
	@$(PYTHON) scripts/programs.py --check test
	@$(BIN)/pytest -q --numprocesses 4 --dist loadfile --ignore tests/pages

test-pages: install-dev $(CLIENTS) ## Run the tests that need Chromium, Node or PHP.
	@$(PYTHON) scripts/programs.py --check test-pages
	@$(BIN)/pytest -q --numprocesses 2 --dist loadfile tests/pages

install-programs: ## Install with apt what tests need and is missing: curl, openssl, Chromium, Node, PHP.
	@$(PYTHON) scripts/programs.py

test-quick: install-dev ## Run what needs no server.
	@$(BIN)/pytest -q tests/domain tests/application tests/adapters --ignore=tests/adapters/redis \
		-k "not (mongodb and not mongomock and not model and not Walk)"

faults: install-dev ## Kill, freeze and race it many times over, and try it with both drivers; takes long.
	@SWIFTCRM_TEST_FAULTS=full $(BIN)/pytest --timeout 1800 tests/faults tests/entrypoints/http tests/adapters/mongodb/leads

check: install-dev ## Lint, types, who may import whom, what belongs in which room, and what the core may name.
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/pytest -q tests/architecture/test_layers.py -k "standard_library or foreign_import"
	@$(BIN)/pytest -q tests/architecture/test_house.py tests/architecture/test_words.py
	@$(BIN)/mypy
	@$(BIN)/ruff check src tests scripts examples
	@$(BIN)/ruff format --check src tests scripts examples
	@$(BIN)/hadolint Dockerfile
	@$(BIN)/check-jsonschema --builtin-schema vendor.compose-spec docker-compose.yml

bench: install-dev install-peers ## Measure leads per second beside other services, what grows with what, start and stop, Redis away, large deliveries, floods, the console, how many files a lead walks through; about half an hour.
	@$(BIN)/python -m tests.bench.pace
	@$(BIN)/python -m tests.bench.profile
	@$(BIN)/python -m tests.bench.profile --store motor
	@$(BIN)/python -m tests.bench.growth connections
	@$(BIN)/python -m tests.bench.growth projects
	@$(BIN)/python -m tests.bench.growth processes
	@$(BIN)/python -m tests.bench.start
	@$(BIN)/python -m tests.bench.redis_away
	@$(BIN)/python -m tests.bench.redis_away --store motor
	@$(BIN)/python -m tests.bench.delivery
	@$(BIN)/python -m tests.bench.held
	@$(BIN)/python -m tests.bench.held --store motor
	@$(BIN)/python -m tests.bench.console
	@$(BIN)/python -m tests.bench.console --store motor
	@$(BIN)/python -m tests.bench.walk

# A server of Node's, beside which the benchmark measures ours.
PARSE_SERVER := tests/bench/peers/parse_server/node_modules/.package-lock.json
$(PARSE_SERVER): tests/bench/peers/parse_server/package-lock.json
	@$(PYTHON) scripts/programs.py --check bench-peers
	@npm ci --prefix tests/bench/peers/parse_server --ignore-scripts --no-audit --no-fund --silent && touch $@

bench-peers: install-dev install-peers $(PARSE_SERVER) ## Measure leads per second beside Parse Server and Eve, too.
	@$(PYTHON) scripts/programs.py --check bench-peers
	@$(BIN)/python -m tests.bench.pace --peers --json tests/bench/results/peers.json

bench-large: install-dev ## Measure with a million stored leads, their export, and memory over ten minutes; takes about an hour.
	@$(BIN)/python -m tests.bench.growth leads
	@$(BIN)/python -m tests.bench.growth.export
	@$(BIN)/python -m tests.bench.growth.memory

lock: install-dev ## Renew the locks, with hashes.
	@$(BIN)/uv pip compile -q --upgrade --no-header --no-annotate --generate-hashes --universal \
		--python-version 3.11 --group build pyproject.toml -o requirements.lock
	@$(BIN)/uv pip compile -q --upgrade --no-header --no-annotate --generate-hashes --universal \
		--python-version 3.11 --group dev pyproject.toml -o requirements-dev.lock
	@$(BIN)/uv pip compile -q --upgrade --no-header --no-annotate --generate-hashes --universal \
		--python-version 3.11 --group peers pyproject.toml -o requirements-peers.lock

.PHONY: install-dev install-peers
install-dev:
	@$(PYTHON) scripts/install.py requirements-dev.lock

install-peers:
	@$(PYTHON) scripts/install.py requirements-peers.lock .venv-peers
