#!/usr/bin/env bash
# The quick half of the tests: format, lints and types, and the unit tests of the domain.
source "$(dirname "$0")/common.sh" || exit 1
scripts/setup.sh test
node scripts/check-deps.mjs
cargo fmt --all --check
scripts/build-ui.sh
cargo clippy --workspace --quiet -- -D warnings
cargo test --quiet --package doorstep-domain
(cd ui && npm run --silent lint && npm run --silent typecheck)
echo '✓'
