#!/usr/bin/env bash
# Builds ui/dist, which the app carries inside. Does nothing when no source is newer.
source "$(dirname "$0")/common.sh" || exit 1
mark=ui/dist/index.html
if [[ -f $mark ]]; then
  newer=$(find ui assets -path ui/node_modules -prune -o -path ui/dist -prune -o -newer "$mark" -type f -print -quit)
  [[ -n $newer ]] || exit 0
fi
(cd ui && npm run --silent build -- --logLevel warn)
# Vite keeps an unchanged page's time
touch "$mark"
