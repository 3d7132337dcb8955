#!/bin/sh
# Copies a folder into practice AWS with rclone, in parts, compares it, moves an object and takes all of it away.
# Needs the lines that `keyferry practice-aws` prints in the environment; works in the current directory.
set -eu

export RCLONE_CONFIG="$PWD/rclone.conf" RCLONE_CONFIG_P_TYPE=s3 RCLONE_CONFIG_P_PROVIDER=Other
export RCLONE_CONFIG_P_ENV_AUTH=true RCLONE_CONFIG_P_ENDPOINT="$AWS_ENDPOINT_URL" RCLONE_CONFIG_P_REGION="$AWS_REGION"
export RCLONE_CONFIG_P_FORCE_PATH_STYLE=true RCLONE_CONFIG_P_SERVER_SIDE_ENCRYPTION=aws:kms
touch "$RCLONE_CONFIG"

mkdir -p tree
head -c 12000000 /dev/urandom > tree/large.bin
echo text > 'tree/a b ü.txt'
rclone mkdir p:by-rclone
rclone copy tree p:by-rclone/x --s3-upload-cutoff 5M --s3-chunk-size 5M
rclone check tree p:by-rclone/x --download
rclone moveto 'p:by-rclone/x/a b ü.txt' p:by-rclone/y/moved.txt
test "$(rclone lsf -R --files-only p:by-rclone | sort | tr '\n' ' ')" = 'x/large.bin y/moved.txt '
rclone purge p:by-rclone
test -z "$(rclone lsf p:)"
echo 'rclone went through'
