#!/usr/bin/env bash
# Locks what pyproject.toml asks for, for every platform, with the hash of every file.
# usage: scripts/lock.sh PYTHON [uv options, e.g. --upgrade]
set -euo pipefail
cd "$(dirname "$0")/.."
python=$1
shift

tools=build/lock
[ -x "$tools/bin/uv" ] || { "$python" -m venv "$tools" && "$tools/bin/pip" install --quiet uv; }

# What names a machine or a registry stays out, wherever this machine's settings come from.
lock() {
  local output=$1
  shift
  env -u UV_INDEX_URL -u UV_EXTRA_INDEX_URL -u UV_FIND_LINKS \
    "$tools/bin/uv" pip compile pyproject.toml --quiet --no-config \
    --universal --python-version 3.11 --only-binary :all: --generate-hashes \
    --no-emit-index-url --no-emit-find-links --no-annotate \
    --custom-compile-command "make lock" --output-file "$output" "$@"
}

lock requirements/build.txt --group build "$@"
# All extras but compress: PyPI's torch for Linux brings gigabytes of CUDA along, and the builds for
# the CPU alone stand elsewhere. requirements/compress.txt says what its tests use.
lock requirements/dev.txt --group build --group dev --extra stats --extra inspect --extra export \
  --constraint requirements/build.txt "$@"
