#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Takes the pictures of the explorer that stand in docs/images, with headless Chromium:
#
#   mvn -q -pl docs/explorer -am -DskipTests package && docs/explorer/screenshots.sh
#
# CHROMIUM names another program than `chromium`.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
page=$here/target/explorer.html
images=$here/../images
if [ ! -f "$page" ]; then
  echo "screenshots.sh: there is no $page; build it first: mvn -q -pl docs/explorer -am -DskipTests package" >&2
  exit 1
fi
mkdir -p "$images"

# picture NAME WIDTH HEIGHT FRAGMENT
picture() {
  profile=$(mktemp -d)
  "${CHROMIUM:-chromium}" --headless --no-sandbox --disable-gpu --disable-quic --no-first-run \
    --disable-background-networking --disable-component-update --disable-sync --hide-scrollbars \
    --user-data-dir="$profile" --virtual-time-budget=60000 --force-device-scale-factor=1 \
    --window-size="$2,$3" --screenshot="$images/explorer-$1.png" "file://$page$4" 2>"$profile/messages" || {
    cat "$profile/messages" >&2
    exit 1
  }
  rm -rf "$profile"
  echo "docs/images/explorer-$1.png"
}

picture desktop 1280 860 '#chapter=3&theme=light'
picture phone 430 900 '#chapter=4&theme=light'
picture dark 1280 860 '#chapter=5&theme=dark'
