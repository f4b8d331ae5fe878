#!/usr/bin/env bash
# Measures the budgets of docs/BENCH.md in a release build and prints one table. Contestants take turns, not blocks, so
# that a busy minute of the machine falls on all of them alike. Arguments choose cases by a part of their name;
# DOORSTEP_BENCH_ROUNDS sets the rounds (at least 20). Fails when a budget is missed.
source "$(dirname "$0")/common.sh" || exit 1
scripts/setup.sh bench
scripts/build-ui.sh

BENCH_HOME=$(target_dir)/bench
mkdir -p "$BENCH_HOME"

# reportlab, the ticket's yardstick; the stamp lies inside, so it goes when the folder goes
python_packages() {
  local wanted=crates/ticket/benches/requirements.txt venv=$BENCH_HOME/venv
  cmp -s "$wanted" "$venv/installed.txt" && return
  say '安装 Python 软件包 Installing Python packages'
  python3 -m venv "$venv"
  "$venv/bin/pip" install --quiet --disable-pip-version-check --requirement "$wanted"
  cp "$wanted" "$venv/installed.txt"
}
python_packages

say '编译（第一次要十几分钟）Building (the first time takes a while)'
# the app by itself: built together with the benches, its crates could get features that it is not shipped with
cargo build --release --locked --quiet --package doorstep --bin doorstep --example empty_window
cargo build --release --locked --quiet --package doorstep-hub --bin doorstep-hub
cargo build --release --locked --quiet --message-format=json-render-diagnostics \
  --package doorstep-app --package doorstep-store --package doorstep-ticket --package doorstep-photo \
  --package doorstep-stories --bench link --bench answer --bench today --bench desk --bench profile --bench ticket --bench intake >"$BENCH_HOME/built.json"

RELEASE=$(target_dir)/release BENCH_HOME=$BENCH_HOME exec node scripts/bench/run.mjs "$@"
