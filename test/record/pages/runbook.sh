#!/usr/bin/env bash
# alias/a, as Keyferry 0.2.0 made it on T9, with aws and openssl 3.
# It makes another key. Nothing in it is secret.
# Usage: bash runbook.sh NEW-FOLDER
# For practice AWS, first paste the lines that this prints: keyferry practice-aws

set -euo pipefail
umask 077

# This asks nothing of AWS.
aws kms import-key-material --key-material-description x --generate-cli-skeleton > /dev/null ||
  { echo 'This aws does not know --key-material-description: update it. Nothing was made.' >&2; exit 1; }

mkdir -- "${1:?Name a new folder}"
cd -- "$1"

# Make

# Make it
KEY=$(aws kms create-key)

# Import
aws kms import-key-material --key-material-description x

# Upload

# Remove. It cannot be undone, so it is left to you:
# rm x
# rm y

# Theirs. This script does not run it:
# sh u
# sh v
