# A key that Terraform brings itself, with an alias, and a bucket whose objects are under it. Nothing is set but the
# environment and the addressing of S3.

terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}

provider "aws" {
  s3_use_path_style = true
}

resource "aws_kms_external_key" "key" {
  description             = "brought by Terraform"
  key_material_base64     = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="
  deletion_window_in_days = 7
  enabled                 = true
}

resource "aws_kms_alias" "key" {
  name          = "alias/by-terraform"
  target_key_id = aws_kms_external_key.key.id
}

resource "aws_s3_bucket" "bucket" {
  bucket = "made-by-terraform"
}

resource "aws_s3_bucket_server_side_encryption_configuration" "bucket" {
  bucket = aws_s3_bucket.bucket.id

  rule {
    apply_server_side_encryption_by_default {
      kms_master_key_id = aws_kms_external_key.key.arn
      sse_algorithm     = "aws:kms"
    }
  }
}

resource "aws_s3_bucket_policy" "bucket" {
  bucket = aws_s3_bucket.bucket.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Deny"
      Principal = "*"
      Action    = "s3:*"
      Resource  = [aws_s3_bucket.bucket.arn, "${aws_s3_bucket.bucket.arn}/*"]
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    }]
  })
}

resource "aws_s3_object" "object" {
  bucket     = aws_s3_bucket.bucket.id
  key        = "ledger.txt"
  content    = "some bytes"
  kms_key_id = aws_kms_external_key.key.arn
}
