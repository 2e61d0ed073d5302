#!/usr/bin/env bash
# Makes the virtual environment, once this machine is known to have what a build needs.
# usage: scripts/venv.sh FOLDER [PYTHON]
set -euo pipefail

folder=$1
wanted=${2:-}

fail() {
  printf 'foretype: %s\n' "$1" >&2
  exit 1
}

is_new_enough() {
  "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

find_python() {
  local candidate
  for candidate in "$@"; do
    if is_new_enough "$candidate"; then
      printf '%s' "$candidate"
      return
    fi
  done
}

if [ -n "$wanted" ]; then
  python=$(find_python "$wanted")
  [ -n "$python" ] || fail "PYTHON=$wanted is not a Python 3.11 or newer."
else
  python=$(find_python python3.11 python3 python3.12 python3.13 python3.14)
  [ -n "$python" ] || fail "Python 3.11 or newer is needed and was not found; install it or name it: make PYTHON=/path/to/python3.11"
fi

"$python" -c 'import ensurepip, venv' 2>/dev/null ||
  fail "$python cannot make virtual environments; install its venv module (Debian: python3-venv)."
"$python" -c 'import pathlib, sys, sysconfig; sys.exit(not (pathlib.Path(sysconfig.get_path("include")) / "Python.h").exists())' ||
  fail "the C headers of $python are not installed (Debian: python3-dev)."

compiler=${CXX:-}
for candidate in c++ g++ clang++; do
  [ -n "$compiler" ] || ! command -v "$candidate" >/dev/null || compiler=$candidate
done
[ -n "$compiler" ] || fail "a C++ compiler is needed and was not found; install g++ or clang++ (Debian: g++)."
# CXX may hold options as well, so it is left to split.
# shellcheck disable=SC2086
printf '#include <concepts>\nint main() {}\n' | $compiler -std=c++20 -x c++ -fsyntax-only - 2>/dev/null ||
  fail "$compiler does not compile C++20; g++ 12 or clang 16 or newer does."

"$python" -m venv "$folder"
