# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# lib.sh - what the tests with real images share; make-image makes those
# shellcheck source=tests/lib.sh
. "${URUN_SOURCE:?}/tests/lib.sh"

# The image, and all its forms; see make-image.
debian=${URUN_TEST_REAL_IMAGES:-}/debian-zstd.sqsh
# shellcheck disable=SC2034 # read by the tests
debian_forms='zstd gzip lz4 xz enroot ch sif folder'

# debian_as FORM prints the path of the image in that form.
debian_as() {
	case $1 in
	folder) echo "$URUN_TEST_REAL_IMAGES/debian" ;;
	sif) echo "$URUN_TEST_REAL_IMAGES/debian.sif" ;;
	*) echo "$URUN_TEST_REAL_IMAGES/debian-$1.sqsh" ;;
	esac
}

# as_root SCRIPT [OPTION...]: run it by `urun --root` in an overlay that stays, ./layer.
as_root() {
	local script=$1
	shift
	mkdir -p layer
	run urun --root --overlay "$PWD/layer" \
		--bind "$URUN_TEST_REAL_IMAGES/archive:/archive" "$@" "$debian" \
		sh -ec "export DEBIAN_FRONTEND=noninteractive; $script"
}
