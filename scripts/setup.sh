#!/usr/bin/env bash
# Installs what is missing, and only that. `setup.sh run` for opening the app, `setup.sh test` for the tests too,
# `setup.sh bench` for the yardsticks of the benches as well.
# Quick when all is there. Rust and Node are yours to install.
source "$(dirname "$0")/common.sh" || exit 1
purpose=${1:-run}

RUN_PACKAGES=(build-essential pkg-config libwebkit2gtk-4.1-dev librsvg2-dev libssl-dev libdbus-1-dev fonts-noto-cjk)
TEST_PACKAGES=(xvfb webkit2gtk-driver dbus-daemon gnome-keyring
  poppler-utils qpdf imagemagick zbar-tools strace git python3 python3-venv)

need_rust() {
  local missing=()
  command -v cargo >/dev/null || give_up \
    '没有找到 Rust：请先安装 Rust 1.95 或更新的版本（rustup），再运行一次。' \
    'Rust is missing: install Rust 1.95 or newer (rustup) and run this again.'
  if [[ $purpose != run ]]; then
    cargo fmt --version >/dev/null 2>&1 || missing+=(rustfmt)
    cargo clippy --version >/dev/null 2>&1 || missing+=(clippy)
    ((${#missing[@]} == 0)) || give_up \
      "Rust 缺少组件：请运行 rustup component add ${missing[*]}" \
      "Rust lacks components: run rustup component add ${missing[*]}"
  fi
}

need_node() {
  local enough='const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)'
  if ! command -v npm >/dev/null || ! node -e "$enough" 2>/dev/null; then
    give_up \
      '没有找到合适的 Node.js：请先安装 Node.js 20.19 或更新的版本（带 npm），再运行一次。' \
      'Node.js is missing or too old: install Node.js 20.19 or newer (with npm) and run this again.'
  fi
}

is_installed() { [[ $(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null) == installed ]]; }

# Without dpkg only the result can be looked at: the libraries and the programs.
works_without_dpkg() {
  pkg-config --exists webkit2gtk-4.1 librsvg-2.0 openssl 2>/dev/null || return 1
  [[ $purpose == run ]] && return 0
  local program
  for program in Xvfb WebKitWebDriver dbus-daemon gnome-keyring-daemon pdftotext qpdf convert zbarimg strace python3; do
    command -v "$program" >/dev/null || return 1
  done
}

name_packages() {
  give_up \
    "缺少系统软件包，这里不能自动安装。请先装好（Debian 12 的名称）：" "  $*" '然后再运行一次。' \
    "System packages are missing and cannot be installed from here. Install them (Debian 12 names are above)" \
    'and run this again.'
}

system_packages() {
  local wanted=("${RUN_PACKAGES[@]}") missing=() package as_root=()
  [[ $purpose == run ]] || wanted+=("${TEST_PACKAGES[@]}")
  if ! command -v dpkg-query >/dev/null; then
    works_without_dpkg || name_packages "${wanted[@]}"
    return
  fi
  for package in "${wanted[@]}"; do is_installed "$package" || missing+=("$package"); done
  ((${#missing[@]} > 0)) || return 0
  command -v apt-get >/dev/null || name_packages "${missing[@]}"
  if ((EUID != 0)); then
    sudo -n true 2>/dev/null || name_packages "${missing[@]}"
    as_root=(sudo -n)
  fi
  say "安装系统软件包 Installing: ${missing[*]}"
  local lock=(-o DPkg::Lock::Timeout=300)
  "${as_root[@]}" apt-get "${lock[@]}" update -qq
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get "${lock[@]}" install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

# The stamp lies inside node_modules, so it goes when they go.
npm_packages() {
  local folder=$1 stamp hash
  stamp=$folder/node_modules/.doorstep-stamp
  hash=$(cat "$folder/package.json" "$folder/package-lock.json" | sha256sum)
  [[ -f $stamp && $(<"$stamp") == "$hash" ]] && return
  say "安装 npm 软件包 Installing npm packages: $folder"
  (cd "$folder" && npm ci --no-audit --no-fund --loglevel=error)
  printf '%s\n' "$hash" >"$stamp"
}

need_rust
need_node
system_packages
npm_packages ui
[[ $purpose == run ]] || npm_packages tests/e2e
[[ $purpose != bench ]] || npm_packages crates/photo/benches
