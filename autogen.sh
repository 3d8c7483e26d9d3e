#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# autogen.sh - make ./configure from a checkout
set -eu
cd "$(dirname "$0")"
exec autoreconf --install --force --warnings=all,no-portability
