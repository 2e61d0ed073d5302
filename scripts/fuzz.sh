#!/usr/bin/env bash
# Runs every fuzzer for some seconds, from the seed files in core/fuzz/seeds/NAME where there are any.
# usage: scripts/fuzz.sh FOLDER_OF_FUZZERS SECONDS
set -euo pipefail
shopt -s nullglob
cd "$(dirname "$0")/.."

folder=$1
seconds=$2
fuzzers=("$folder"/*_fuzz)
[ ${#fuzzers[@]} -gt 0 ] || { echo "no fuzzers in $folder" >&2; exit 1; }

for fuzzer in "${fuzzers[@]}"; do
  name=$(basename "$fuzzer")
  seeds=("core/fuzz/seeds/$name"/*)
  echo "$name, $seconds s"
  "$fuzzer" --seconds "$seconds" ${seeds[@]+"${seeds[@]}"}
done
