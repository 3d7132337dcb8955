#!/usr/bin/env bash
# alias/a, as Keyferry 0.2.0 made it on T9, with aws and openssl 3.
# It makes another key. Nothing in it is secret.
# Usage: bash runbook.sh NEW-FOLDER

set -euo pipefail
umask 077

mkdir -- "${1:?Name a new folder}"
cd -- "$1"

# Ask

# Ask
aws sts get-caller-identity
