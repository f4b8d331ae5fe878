#!/usr/bin/env bash
# Upload clients that nobody here wrote, against the hub through a proxy that cuts every 250 KB.
# Needs npm and python3 with venv; installs the two clients beside this script, once.
source "$(dirname "$0")/../../scripts/common.sh" || exit 1
here=tests/foreign
venv=$(target_dir)/foreign-venv
[[ -d $here/node_modules/tus-js-client ]] || (cd $here && npm ci --silent --no-audit --no-fund)
if [[ ! -f $venv/ready ]]; then
  python3 -m venv "$venv"
  "$venv/bin/pip" install --quiet --requirement $here/requirements.txt
  touch "$venv/ready"
fi
build_programs
DOORSTEP_HUB=$(target_dir)/debug/doorstep-hub
DOORSTEP_PYTHON=$venv/bin/python
export DOORSTEP_HUB DOORSTEP_PYTHON
exec node --test --test-reporter=spec "$@" $here/uploads.test.mjs
