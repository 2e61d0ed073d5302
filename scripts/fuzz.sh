#!/usr/bin/env bash
# Runs every fuzzer for some seconds, from the seed files beside its source.
# usage: scripts/fuzz.sh FOLDER_OF_FUZZERS SECONDS
set -euo pipefail

folder=$1
seconds=$2
fuzzers=("$folder"/*_fuzz)
[ -x "${fuzzers[0]}" ] || { echo "no fuzzers in $folder" >&2; exit 1; }

for fuzzer in "${fuzzers[@]}"; do
  echo "$(basename "$fuzzer"), $seconds s"
  "$fuzzer" "$seconds"
done
