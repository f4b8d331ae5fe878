#!/usr/bin/env bash
# Starts the company's server with a made-up company, and prints its address and enrolment codes.
# HUB_DATA: folder of its data; HUB_LISTEN: address, 127.0.0.1:8750 unless told.
source "$(dirname "$0")/common.sh" || exit 1
data=${HUB_DATA:-$(target_dir)/hub-demo}
listen=${HUB_LISTEN:-127.0.0.1:8750}
cargo build --locked --quiet --package doorstep-hub
hub=$(target_dir)/debug/doorstep-hub
"$hub" --data "$data" demo --orders assets/demo/work-orders.csv
exec "$hub" --data "$data" serve --listen "$listen"
