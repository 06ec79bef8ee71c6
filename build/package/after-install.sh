#!/bin/sh
# After installing or upgrading a .deb or .rpm. electron-builder fills in the names in braces.
# The menu and its icons are refreshed by the distribution's own triggers.
set -e

folder='/opt/${sanitizedProductName}'
profile='/etc/apparmor.d/${executable}'

# Ubuntu 24 and later let only programs with a profile make user namespaces, which Chromium's sandbox needs. Older versions of
# AppArmor cannot read the profile, and need none.
if apparmor_status --enabled >/dev/null 2>&1 &&
  apparmor_parser --skip-kernel-load --debug "$folder/resources/apparmor-profile" >/dev/null 2>&1; then
  cp "$folder/resources/apparmor-profile" "$profile"
  if ! ischroot 2>/dev/null; then
    apparmor_parser --replace --write-cache --skip-read-cache "$profile" || true
  fi
fi

# Where an ordinary user cannot make user namespaces, Chromium needs its setuid helper.
if runuser -u nobody -- unshare --user --map-root-user true 2>/dev/null; then
  chmod 0755 "$folder/chrome-sandbox"
else
  chmod 4755 "$folder/chrome-sandbox"
fi
