#!/bin/sh
# Starts Keyferry with the Node that lies beside it. It needs a shell, glibc and libstdc++, and readlink only where it is called by a link.
self=$0
while [ -h "$self" ]; do
  target=$(readlink "$self")
  case $target in
    /*) self=$target ;;
    *) self=${self%/*}/$target ;;
  esac
done
folder=$(CDPATH='' cd -- "${self%/*}" && pwd -P)
exec "$folder/lib/node" "$folder/lib/dist/cli.js" "$@"
