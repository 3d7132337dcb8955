#!/bin/sh
# Speaks to practice AWS with curl alone: a bucket, an object under a KMS key, KMS itself, and the door.
# Needs the lines that `keyferry practice-aws` prints in the environment; works in the current directory.
set -eu

aws() {
  service=$1
  shift
  curl --silent --show-error --fail-with-body --aws-sigv4 "aws:amz:$AWS_REGION:$service" \
    --user "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY" -H "x-amz-security-token: $AWS_SESSION_TOKEN" "$@"
}
s3() { aws s3 -H 'x-amz-content-sha256: UNSIGNED-PAYLOAD' "$@"; }

echo 'some bytes' > sent.txt
s3 -X PUT "$AWS_ENDPOINT_URL/by-curl"
s3 -H 'x-amz-server-side-encryption: aws:kms' -T sent.txt "$AWS_ENDPOINT_URL/by-curl/k.txt"
s3 -o back.txt "$AWS_ENDPOINT_URL/by-curl/k.txt"
cmp sent.txt back.txt
s3 --head "$AWS_ENDPOINT_URL/by-curl/k.txt" | grep -q '^x-amz-server-side-encryption: aws:kms'
aws kms -H 'x-amz-target: TrentService.ListAliases' -H 'content-type: application/x-amz-json-1.1' \
  --data '{}' "$AWS_ENDPOINT_URL/" | grep -q '"alias/aws/s3"'
s3 -X DELETE "$AWS_ENDPOINT_URL/by-curl/k.txt"
s3 -X DELETE "$AWS_ENDPOINT_URL/by-curl"

# What a web page would send, though it is rightly signed.
if s3 -H 'Origin: https://evil.example' "$AWS_ENDPOINT_URL/" > refused.xml; then
  echo 'a web page was let in' >&2
  exit 1
fi
grep -q 'answers no web page' refused.xml
echo 'curl went through'
