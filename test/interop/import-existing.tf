# A key that Terraform makes without material, as somebody does who imports it elsewhere, and its alias.

terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}

provider "aws" {}

variable "valid_to" {
  default = null
}

resource "aws_kms_external_key" "key" {
  description             = "made by Terraform"
  deletion_window_in_days = 7
  valid_to                = var.valid_to
  tags                    = { team = "payments" }
}

resource "aws_kms_alias" "key" {
  name          = "alias/by-terraform"
  target_key_id = aws_kms_external_key.key.id
}
