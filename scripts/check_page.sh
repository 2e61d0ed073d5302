#!/usr/bin/env bash
# Reads the page's JavaScript with node, where there is one; npm is not needed.
set -euo pipefail
cd "$(dirname "$0")/.."

if ! command -v node >/dev/null; then
  echo "page scripts not checked: node is not installed"
  exit 0
fi
find python -name '*.js' -print0 | while IFS= read -r -d '' script; do
  # As a module, which is how the page loads it; node tells modules by their ending.
  node --check --input-type=module - <"$script" || { echo "in $script" >&2; exit 1; }
done
