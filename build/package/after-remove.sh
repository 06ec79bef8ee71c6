#!/bin/sh
# Runs after a .deb or .rpm is removed. electron-builder fills in the names in braces.
set -e

profile='/etc/apparmor.d/${executable}'

# The first argument of dpkg is a word. The first argument of rpm is the number of versions that are still installed.
case "$1" in
  remove | purge | 0) ;;
  *) exit 0 ;;
esac

if [ -f "$profile" ]; then
  if apparmor_status --enabled >/dev/null 2>&1 && ! ischroot 2>/dev/null; then
    apparmor_parser --remove "$profile" || true
  fi
  rm -f "$profile"
fi

if [ "$1" != remove ]; then
  # A package must not delete files in users' homes, so this script only says where they are.
  echo 'Keyvigil: accounts, settings and encrypted passwords stay in ~/.config/Keyvigil of each user who ran it.'
  echo 'To delete your own: rm -r ~/.config/Keyvigil ~/.config/autostart/keyvigil.desktop'
fi
