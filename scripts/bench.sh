#!/usr/bin/env bash
# Measures, in a release build. Every line of scripts/bench/*.mjs is run in turn, not in blocks, so that a busy
# minute of the machine falls on all of them alike. DOORSTEP_BENCH_ROUNDS sets the rounds (at least 20).
source "$(dirname "$0")/common.sh" || exit 1
scripts/setup.sh test
scripts/build-ui.sh
cargo build --release --quiet --workspace
BIN=$(target_dir)/release exec node scripts/bench/run.mjs "$@"
