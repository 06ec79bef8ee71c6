#!/bin/sh
# Runs after a .deb or .rpm is installed or upgraded. electron-builder fills in the names in braces.
# The distribution's own triggers refresh the menu and its icons.
set -e

folder='/opt/${sanitizedProductName}'
profile='/etc/apparmor.d/${executable}'

# Chromium's sandbox needs user namespaces. Ubuntu 24 and later allow them only to programs with an AppArmor profile.
# Older versions of AppArmor cannot read this profile, and do not need it.
if apparmor_status --enabled >/dev/null 2>&1 &&
  apparmor_parser --skip-kernel-load --debug "$folder/resources/apparmor-profile" >/dev/null 2>&1; then
  cp "$folder/resources/apparmor-profile" "$profile"
  if ! ischroot 2>/dev/null; then
    apparmor_parser --replace --write-cache --skip-read-cache "$profile" || true
  fi
fi

# If an ordinary user cannot make user namespaces, Chromium needs its setuid helper.
if runuser -u nobody -- unshare --user --map-root-user true 2>/dev/null; then
  chmod 0755 "$folder/chrome-sandbox"
else
  chmod 4755 "$folder/chrome-sandbox"
fi
