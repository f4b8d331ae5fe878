# make run    open the app; the first time installs what is missing and builds (some minutes)
# make test   everything: format, lints, types, Rust tests, UI tests, the real window
# make check  the quick half, for while you work
# make bench  the numbers of docs/BENCH.md, in a release build
# make hub    start the company's server with a made-up company
# make setup  only install what is missing
.PHONY: run test check bench hub setup ui
.DEFAULT_GOAL := run

run:
	@scripts/setup.sh run
	@scripts/build-ui.sh
	@cargo run --locked --quiet --package doorstep

test:
	@scripts/test.sh

check:
	@scripts/check.sh

bench:
	@scripts/bench.sh

hub:
	@scripts/hub.sh

setup:
	@scripts/setup.sh test
