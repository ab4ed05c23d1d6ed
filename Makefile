# Every target sets the environment up first; a second call finds it ready.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/ready
PYTORCH := .venv-benchmark

# The packages of an extra that the lock leaves out.
extra = $$($(PYTHON) -c 'import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["project"]["optional-dependencies"]["$(1)"])')

.DEFAULT_GOAL := repro
.PHONY: setup repro reproduce ray seeds compare sweep train-cluster benchmark ui serve mlflow-server test test-pipeline test-default test-cluster
.PHONY: lecture-commands notebook numbers measure keep failures trust mutants stress fuzz lint types

setup: $(READY)

# The lock pins every package by hash; the project itself is then installed on top without its dependencies.
$(READY): requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; assert (3, 11) <= sys.version_info < (3, 14), "latentlab needs Python 3.11 to 3.13; set PYTHON=... for make"'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps -e .
	touch $@

# The environment comes first on the path, because dvc.yaml calls plain `python`.
repro: $(READY)
	PATH="$(CURDIR)/$(BIN):$$PATH" dvc repro

# Runs the pipeline a second time, in a clone, and compares all outputs with dvc.lock.
reproduce: $(READY)
	PATH="$(CURDIR)/$(BIN):$$PATH" python scripts/reproduce.py

# Sweeps and seeds run on Ray, which the first call installs; also for a machine that joins a cluster.
ray: $(VENV)/ray

$(VENV)/ray: $(READY)
	$(BIN)/pip install --quiet --disable-pip-version-check $(call extra,cluster)
	touch $@

# So many experiments at a time on this machine, or on a cluster (docs/cluster.md) by CLUSTER=ADDRESS
JOBS ?= 1
engine = --jobs $(JOBS) $(if $(CLUSTER),--cluster "$(CLUSTER)")

# Runs N training seeds, counted on from `seed`, each as a DVC experiment: make seeds N=5 SET="vae.kl_weight=0.01"
N ?= 5
seeds: $(VENV)/ray
	PATH="$(CURDIR)/$(BIN):$$PATH" python -m scripts.seeds $(N) $(SET) $(engine)

# Two files that `make seeds` wrote: make compare A=reports/seeds.json B=reports/seeds-vae.kl_weight=0.01.json
compare: $(READY)
	$(BIN)/python -m scripts.compare $(A) $(B)

# All experiments of a file in sweeps/: make sweep SWEEP=gan_objective JOBS=2
SWEEP ?= kl_weight
sweep: $(VENV)/ray
	PATH="$(CURDIR)/$(BIN):$$PATH" python -m scripts.sweep run $(SWEEP) $(engine)

# How far it is (sweep-status), and its end for good, results included (sweep-clean)
sweep-%: $(VENV)/ray
	PATH="$(CURDIR)/$(BIN):$$PATH" python -m scripts.sweep $* $(SWEEP) $(engine)

# One training on all machines of a cluster, or on this and WORKERS - 1 more (docs/cluster.md):
# make train-cluster FAMILY=gan CLUSTER=10.0.0.1:6379
train-cluster: $(VENV)/ray
	PATH="$(CURDIR)/$(BIN):$$PATH" python -m scripts.train_cluster "$(FAMILY)" \
		$(if $(WORKERS),--workers $(WORKERS)) $(if $(CLUSTER),--cluster "$(CLUSTER)")

# Measures the trainings beside the slides' and PyTorch's, then the default pipeline, and how cost grows; half an hour.
# With MNIST=folder, of its four IDX files, also what scoring costs.
benchmark: $(READY) $(PYTORCH)/ready
	PATH="$(CURDIR)/$(BIN):$$PATH" python -m benchmarks $(if $(MNIST),--mnist "$(MNIST)")

# PyTorch has an environment of its own, which holds the extra `benchmark` alone, so that nothing else meets it.
$(PYTORCH)/ready: pyproject.toml
	$(PYTHON) -m venv $(PYTORCH)
	$(PYTORCH)/bin/pip install --quiet --disable-pip-version-check $(call extra,benchmark)
	touch $@

# Two files at a time: much of each test is loading TensorFlow, on one core.
test: $(VENV)/ray
	PATH="$(CURDIR)/$(BIN):$$PATH" pytest -n 2 --dist loadfile

# Runs whole pipelines under DVC, kills them, shares them and gives them to a hostile home; half an hour on busy cores.
test-pipeline: $(VENV)/ray
	PATH="$(CURDIR)/$(BIN):$$PATH" pytest -n 2 --dist loadfile -m pipeline

# Has two Ray nodes on this machine run a sweep and share a training, and kills what can be killed of them; half an
# hour beside other work.
test-cluster: $(VENV)/ray
	PATH="$(CURDIR)/$(BIN):$$PATH" pytest -m cluster

# Runs the default pipeline, about six minutes, and holds it to the README's numbers.
test-default: $(READY)
	PATH="$(CURDIR)/$(BIN):$$PATH" pytest -m slow tests/test_readme.py

# Runs every command of docs/lecture.md on the preset tiny: a quarter of an hour or so.
lecture-commands: $(READY)
	PATH="$(CURDIR)/$(BIN):$$PATH" pytest -m slow tests/test_lecture.py

# Opens the lecture as a notebook, in JupyterLab, which the first call installs.
notebook: $(VENV)/jupyterlab
	PATH="$(CURDIR)/$(BIN):$$PATH" jupyter lab notebooks/lecture.ipynb

$(VENV)/jupyterlab: $(READY)
	$(BIN)/pip install --quiet --disable-pip-version-check $(call extra,notebook)
	touch $@

# Judges sets of images with one known trouble each, in the features of the workspace: make failures NAME="MNIST digits"
failures: $(READY)
	PATH="$(CURDIR)/$(BIN):$$PATH" python -m scripts.failures "$(NAME)"

# Says whether features of each network can be trusted on the images of the workspace: make trust NAME="MNIST digits"
trust: $(READY)
	PATH="$(CURDIR)/$(BIN):$$PATH" python -m scripts.trust "$(NAME)"

# Fills in the numbers that README.md and docs state, the default's from its run if that lies here.
numbers: $(READY)
	$(BIN)/python -m scripts.fill_pages

# Runs a preset in a clone, and keeps its scores, time and pictures for the pages; hours for some. For instance
# make measure PRESET=photos-32 SET=data.path=data/photos NAME=photos-32-of-mine FIGURES=gan_progress
# CACHED=1 takes stages that ran here before from the cache, and keeps no times.
measure: $(READY)
	PATH="$(CURDIR)/$(BIN):$$PATH" python -m scripts.measure $(PRESET) $(SET) \
		$(if $(CACHED),--cached) $(if $(NAME),--name "$(NAME)") $(if $(FIGURES),--figures $(FIGURES))

# Keeps what `make seeds` or `make sweep` wrote, and its figure, for the pages: make keep FILE=reports/seeds.json
keep: $(READY)
	$(BIN)/python -m scripts.keep "$(FILE)"

# Puts N small faults into a copy of the library, one at a time, and names those that no test notices: an hour or
# more for a hundred. Of the order by SEED it passes over AFTER, or takes those numbered: make mutants ONLY="7 31"
mutants: N = 100
mutants: SEED = 0
mutants: AFTER = 0
mutants: $(READY)
	$(BIN)/python -m scripts.mutants $(N) $(SEED) $(AFTER) $(ONLY)

# Kills real trainings again and again, fifteen minutes or so.
stress: $(READY)
	$(BIN)/python scripts/stress.py

# Gives each reader thousands of wrong files.
fuzz: $(READY)
	$(BIN)/pytest -m fuzz --hypothesis-profile=long

lint: $(READY)
	$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/lint-imports

types: $(READY)
	$(BIN)/mypy

# MLflow's pages over the store that the stages write to, at PORT or 5000. A server of the user's own has its pages
# already.
ui: $(READY)
	$(BIN)/python -m scripts.ui --port $(or $(PORT),5000)

# Latents in, images out, on this machine alone: make serve MODEL=vae ALIAS=challenger PORT=5002
MODEL ?= gan
ALIAS ?= champion
serve: $(READY)
	$(BIN)/python -m scripts.serve $(MODEL) --alias $(ALIAS) --port $(or $(PORT),5001)

# MLflow's server for a team; see docs/sharing.md:
# make mlflow-server DATABASE=postgresql://latentlab@127.0.0.1/latentlab ARTIFACTS=/srv/latentlab
mlflow-server: $(READY)
	$(BIN)/python -m scripts.mlflow_server $(if $(ARTIFACTS),--artifacts "$(ARTIFACTS)") --port $(or $(PORT),5000)
