#!/bin/sh
# Imports a key into practice AWS with aws and openssl alone, and reads an object back that lies under it.
# Needs the lines that `keyferry practice-aws` prints in the environment; works in the current directory.
set -eu

openssl rand -out plain_text_aes_key.bin 32
KEY=$(aws kms create-key --origin EXTERNAL --description 'made by hand' --query KeyMetadata.Arn --output text)
aws kms create-alias --alias-name alias/by-hand --target-key-id "$KEY"
test "$(aws kms describe-key --key-id alias/by-hand --query KeyMetadata.KeyState --output text)" = PendingImport

# Wrapping key and token of one answer belong together.
aws kms get-parameters-for-import --key-id "$KEY" --wrapping-algorithm RSAES_OAEP_SHA_256 \
  --wrapping-key-spec RSA_4096 --query '[PublicKey,ImportToken]' --output text > parameters.txt
cut -f1 parameters.txt | openssl base64 -d -A > wrapping.der
cut -f2 parameters.txt | openssl base64 -d -A > token.bin
openssl pkeyutl -encrypt -in plain_text_aes_key.bin -out enc.aes.key -inkey wrapping.der -keyform DER -pubin \
  -pkeyopt rsa_padding_mode:oaep -pkeyopt rsa_oaep_md:sha256 -pkeyopt rsa_mgf1_md:sha256
aws kms import-key-material --key-id "$KEY" --encrypted-key-material fileb://enc.aes.key \
  --import-token fileb://token.bin --expiration-model KEY_MATERIAL_DOES_NOT_EXPIRE > imported.json
test "$(aws kms describe-key --key-id "$KEY" --query KeyMetadata.KeyState --output text)" = Enabled

# Above aws-cli's threshold of 8 MiB, so that it goes up in parts and comes down in ranges.
openssl rand -out large.bin 9437184
aws s3 mb s3://by-hand
aws s3 cp --sse aws:kms --sse-kms-key-id "$KEY" large.bin s3://by-hand/x/large.bin --only-show-errors
test "$(aws s3api head-object --bucket by-hand --key x/large.bin --query SSEKMSKeyId --output text)" = "$KEY"
aws s3 cp s3://by-hand/x/large.bin back.bin --only-show-errors
cmp large.bin back.bin

# Without the material nothing can be read; with the same bytes everything can again.
aws kms delete-imported-key-material --key-id "$KEY" > deleted.json
if aws s3 cp s3://by-hand/x/large.bin never.bin --only-show-errors 2> refused.txt; then
  echo 'the object was read without its key' >&2
  exit 1
fi
aws kms import-key-material --key-id "$KEY" --encrypted-key-material fileb://enc.aes.key \
  --import-token fileb://token.bin --expiration-model KEY_MATERIAL_DOES_NOT_EXPIRE > imported.json
aws s3 cp s3://by-hand/x/large.bin again.bin --only-show-errors
cmp large.bin again.bin

aws s3 rb s3://by-hand --force
aws kms schedule-key-deletion --key-id "$KEY" --pending-window-in-days 7 --query KeyState --output text
echo 'imported, read back, deleted'
