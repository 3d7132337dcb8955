"""Uses practice AWS as any boto3 program uses AWS: nothing is set but the environment."""

import io
import os
import urllib.error
import urllib.request

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError


def refused(call, code):
    try:
        call()
    except ClientError as error:
        assert error.response["Error"]["Code"] == code, error
        return error
    raise AssertionError(f"{code} was expected")


kms, s3 = boto3.client("kms"), boto3.client("s3")
print(boto3.client("sts").get_caller_identity()["Arn"])
roles = [role["RoleName"] for page in boto3.client("iam").get_paginator("list_roles").paginate(PaginationConfig={"PageSize": 25}) for role in page["Roles"]]
assert "SecurityAdmin" in roles and len(roles) == len(set(roles)), roles

# Keys that AWS makes, paged and described; errors with their codes.
made = [kms.create_key(Description=f"number {index}", Tags=[{"TagKey": "made", "TagValue": "here"}])["KeyMetadata"]["KeyId"] for index in range(5)]
keys = [key["KeyId"] for page in kms.get_paginator("list_keys").paginate(PaginationConfig={"PageSize": 2}) for key in page["Keys"]]
assert len(keys) == len(set(keys)) and set(made) <= set(keys), keys
error = refused(lambda: kms.describe_key(KeyId="fake-key-id"), "NotFoundException")
assert error.response["Error"]["Message"] == "Invalid keyId 'fake-key-id'", error
assert error.response["ResponseMetadata"]["RequestId"]
external = kms.create_key(Origin="EXTERNAL")["KeyMetadata"]
assert external["KeyState"] == "PendingImport" and "ExpirationModel" not in external
refused(lambda: kms.encrypt(KeyId=external["KeyId"], Plaintext=b"x"), "KMSInvalidStateException")
refused(lambda: kms.import_key_material(KeyId=external["KeyId"], ImportToken=b"x", EncryptedKeyMaterial=b"x", ExpirationModel="KEY_MATERIAL_DOES_NOT_EXPIRE"), "InvalidImportTokenException")

# Cryptography, with a context.
sealed = kms.encrypt(KeyId=made[0], Plaintext=b"text", EncryptionContext={"a": "b"})["CiphertextBlob"]
assert kms.decrypt(CiphertextBlob=sealed, EncryptionContext={"a": "b"})["Plaintext"] == b"text"
refused(lambda: kms.decrypt(CiphertextBlob=sealed), "InvalidCiphertextException")

# Objects: small, in parts, streamed, by range, presigned, listed, copied and deleted.
bucket = "boto3-practice"
s3.create_bucket(Bucket=bucket)
s3.put_bucket_encryption(Bucket=bucket, ServerSideEncryptionConfiguration={"Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": made[0]}, "BucketKeyEnabled": True}]})
s3.put_object(Bucket=bucket, Key="a b/ü.txt", Body=b"text", Metadata={"colour": "blue"})
head = s3.head_object(Bucket=bucket, Key="a b/ü.txt")
assert head["ServerSideEncryption"] == "aws:kms" and head["BucketKeyEnabled"], head
assert head["SSEKMSKeyId"].endswith(made[0]) and head["Metadata"] == {"colour": "blue"}, head
large = os.urandom(20 * 1024 * 1024)
s3.upload_fileobj(io.BytesIO(large), bucket, "large")
back = io.BytesIO()
s3.download_fileobj(bucket, "large", back)
assert back.getvalue() == large
assert s3.get_object(Bucket=bucket, Key="large", Range="bytes=5242878-5242881")["Body"].read() == large[5242878:5242882]
assert [one["Key"] for one in s3.list_objects_v2(Bucket=bucket, Prefix="a b/")["Contents"]] == ["a b/ü.txt"]
# boto3 signs URLs with Signature Version 2 where it is not told otherwise. Objects under KMS never took it, and new buckets
# take it for no object.
given = {"Bucket": bucket, "Key": "a b/ü.txt"}
version4 = boto3.client("s3", config=Config(signature_version="s3v4"))
assert urllib.request.urlopen(version4.generate_presigned_url("get_object", Params=given)).read() == b"text"
s3.put_object(Bucket=bucket, Key="not under KMS", Body=b"text", ServerSideEncryption="AES256")
under_kms = (
    "<Code>InvalidArgument</Code>",
    "Requests specifying Server Side Encryption with AWS KMS managed keys require AWS Signature Version 4.",
)
under_s3 = ("<Code>InvalidRequest</Code>", "Please use AWS4-HMAC-SHA256.")
for key, expected in (("a b/ü.txt", under_kms), ("not under KMS", under_s3)):
    try:
        urllib.request.urlopen(s3.generate_presigned_url("get_object", Params={"Bucket": bucket, "Key": key}))
        raise AssertionError("Signature Version 2 was taken")
    except urllib.error.HTTPError as error:
        answer = error.read().decode()
        assert error.code == 400 and all(part in answer for part in expected), answer
s3.copy({"Bucket": bucket, "Key": "a b/ü.txt"}, bucket, "copy")
assert s3.get_object(Bucket=bucket, Key="copy")["Body"].read() == b"text"
refused(lambda: s3.get_object(Bucket=bucket, Key="missing"), "NoSuchKey")
deleted = s3.delete_objects(Bucket=bucket, Delete={"Objects": [{"Key": key} for key in ("a b/ü.txt", "not under KMS", "large", "copy")]})
assert len(deleted["Deleted"]) == 4, deleted
s3.delete_bucket(Bucket=bucket)
print("boto3", boto3.__version__)
