#!/usr/bin/env bash
# Builds the page and the app, then drives the real window. Arguments go to node's test runner:
#   tests/e2e/run.sh                                       all stories
#   tests/e2e/run.sh stories/shell.test.mjs                one file
#   tests/e2e/run.sh --test-name-pattern='takes a tap'     some of them
source "$(dirname "$0")/../../scripts/common.sh" || exit 1
scripts/build-ui.sh
build_programs
DOORSTEP_BIN=$(target_dir)/debug/doorstep
DOORSTEP_HUB=$(target_dir)/debug/doorstep-hub
export DOORSTEP_BIN DOORSTEP_HUB
cd tests/e2e
rm -f out/failed-*
files=()
for argument in "$@"; do [[ $argument == -* ]] || files+=("$argument"); done
((${#files[@]} > 0)) || set -- "$@" stories/*.test.mjs
# one story at a time: two windows would share two cores
exec node --test --test-concurrency=1 --test-reporter=spec "$@"
