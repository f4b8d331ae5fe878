# Shared by the scripts: where we are, and how to speak.
# shellcheck shell=bash
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

say() { printf '\n── %s\n' "$*"; }

# Chinese first, English second, then stop.
give_up() {
  printf '%s\n' "$@" >&2
  exit 1
}

# Where Cargo puts what it builds.
target_dir() { printf '%s' "${CARGO_TARGET_DIR:-$PWD/target}"; }

# Builds both programs with the very dependencies of `cargo test --workspace`: their features are unified with those of
# the tests, so a package built by itself would compile most of them again.
build_programs() { cargo build --quiet --locked --workspace --tests --bins; }
