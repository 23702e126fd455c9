#!/bin/sh
# Installs what the tests drive and the machine lacks: Chromium, Redis, PostgreSQL, coturn, iproute2 and a C compiler,
# from the distribution's packages.
set -eu

missing=""
command -v chromium >/dev/null 2>&1 || missing="$missing chromium"
command -v redis-server >/dev/null 2>&1 || missing="$missing redis-server"
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null 2>&1 || missing="$missing postgresql"
command -v ip >/dev/null 2>&1 || [ -x /sbin/ip ] || missing="$missing iproute2"
command -v turnserver >/dev/null 2>&1 || missing="$missing coturn"
command -v cc >/dev/null 2>&1 || missing="$missing gcc libc6-dev"
[ -n "$missing" ] || exit 0

if ! command -v apt-get >/dev/null 2>&1; then
  echo "The tests need:$missing. Install them with this system's package manager and run make test again." >&2
  exit 1
fi
root=""
if [ "$(id -u)" != 0 ]; then
  if ! command -v sudo >/dev/null 2>&1; then
    echo "The tests need:$missing. As root: apt-get install$missing" >&2
    exit 1
  fi
  root="sudo"
fi
echo "Installing for the tests:$missing"
export DEBIAN_FRONTEND=noninteractive
$root apt-get update -q >/dev/null
# shellcheck disable=SC2086 # one argument per package
$root apt-get install -y -q --no-install-recommends $missing >/dev/null
