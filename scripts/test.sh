#!/usr/bin/env bash
# Runs everything and ends with one line: N passed, N failed.
# A step that is not made of tests (a lint, a check) counts only when it fails.
source "$(dirname "$0")/common.sh" || exit 1
export CARGO_TERM_COLOR=${CARGO_TERM_COLOR:-never}
[[ -z ${CI:-} ]] || export CARGO_INCREMENTAL=0
logs=$(target_dir)/doorstep-test
rm -rf "$logs" && mkdir -p "$logs"
passed=0 failed=0
# What failed, by name: the end of the output tells it even where the rest was cut off.
broken=()

# The log of a good step is kept, not shown; of a bad one, its end is.
step() {
  local name=$1 status=0 start=$SECONDS
  shift
  "$@" >"$logs/$name.log" 2>&1 </dev/null || status=$?
  if ((status == 0)); then
    printf '✓ %-12s %4d s\n' "$name" $((SECONDS - start))
  else
    printf '✗ %-12s %4d s\n' "$name" $((SECONDS - start))
    tail -n "${DOORSTEP_LOG_LINES:-150}" "$logs/$name.log" | sed 's/^/  │ /'
  fi
  return $status
}

check() {
  step "$@" && return
  failed=$((failed + 1))
  broken+=("$1")
}

# The tests of a log that failed, a line each: of cargo, of vitest, of node.
failures() {
  sed -nE 's/\x1b\[[0-9;]*m//g; s/^test (.*) \.\.\. FAILED$/\1/p; s/^ *FAIL  *//p; s/^✖ (.*) \([0-9.]+ms\)$/\1/p' "$1" | awk '!seen[$0]++'
}

# tests NAME COUNTER COMMAND…: COUNTER reads the log and prints "passed failed".
tests() {
  local name=$1 counter=$2 status=0 good bad
  shift 2
  step "$name" "$@" || status=$?
  read -r good bad < <("$counter" "$logs/$name.log")
  # a run that broke, or ran nothing, must not look like success
  if ((bad == 0 && (status != 0 || good == 0))); then
    bad=1
    ((good > 0)) || echo "  │ $name: no test ran"
  fi
  echo "  $name: $good passed, $bad failed"
  passed=$((passed + good)) failed=$((failed + bad))
  ((bad > 0)) || return 0
  local names
  mapfile -t names < <(failures "$logs/$name.log")
  ((${#names[@]} > 0)) || names=("no test said so: $(tail -n 5 "$logs/$name.log")")
  broken+=("${names[@]/#/$name: }")
}

count_rust() { awk '/^test result:/ { p += $4; f += $6 } END { print p + 0, f + 0 }' "$1"; }
count_node() { awk '$2 == "pass" && NF == 3 { p += $3 } $2 == "fail" && NF == 3 { f += $3 } END { print p + 0, f + 0 }' "$1"; }
count_vitest() {
  local report=$logs/vitest.json
  [[ -f $report ]] || { echo 0 0; return; }
  node -e 'const r = JSON.parse(require("fs").readFileSync(process.argv[1])); console.log(r.numPassedTests, r.numFailedTests)' "$report"
}

bindings_are_committed() {
  git rev-parse --git-dir >/dev/null 2>&1 || return 0
  local changed
  changed=$(git status --porcelain -- ui/src/backend/bindings)
  [[ -z $changed ]] || { echo 'the tests wrote other bindings than the committed ones:' && echo "$changed" && return 1; }
}

deny() {
  command -v cargo-deny >/dev/null || { echo 'cargo-deny is not installed: skipped'; return 0; }
  cargo deny --offline check licenses bans sources
}

in_ui() { (cd ui && "$@"); }

say '准备 Setting up'
scripts/setup.sh test
say '检查 Checking'
check dependencies node scripts/check-deps.mjs
check format cargo fmt --all --check
check ui-build scripts/build-ui.sh
check clippy cargo clippy --workspace --all-targets --locked --quiet -- -D warnings
check deny deny
say '测试 Testing'
tests rust count_rust cargo test --workspace --locked --no-fail-fast
check bindings bindings_are_committed
check ui-lint in_ui npm run --silent lint
check ui-types in_ui npm run --silent typecheck
tests vitest count_vitest in_ui npx --no-install vitest run --reporter=default --reporter=json --outputFile.json="$logs/vitest.json"
tests foreign count_node tests/foreign/run.sh
tests e2e count_node tests/e2e/run.sh

((failed == 0)) || { echo && printf '✗ %s\n' "${broken[@]}"; }
printf '\n%d passed, %d failed\n' "$passed" "$failed"
((failed == 0))
