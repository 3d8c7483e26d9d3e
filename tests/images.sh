# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# images.sh - small images of every kind, out of a static busybox
#
# image KIND prints the path of one; it is made when it is first asked for, once for all
# tests of a run (below $URUN_TEST_IMAGES). They are shared: tests don't change them.

image_folder() { echo "${URUN_TEST_IMAGES:-$suite_folder/images}"; }

# static_busybox prints the path of the host's.
static_busybox() {
	local path
	for path in "$(command -v busybox)" /bin/busybox.static /sbin/busybox; do
		[ -x "$path" ] && ! ldd "$path" >/dev/null 2>&1 && echo "$path" && return
	done
	return 1
}

# busybox_root FOLDER: a root file system as small images have it.
busybox_root() {
	local applet
	mkdir -p "$1"/{bin,dev,etc,home,opt/full,proc,root,srv,sys,tmp,usr/bin,var/tmp}
	cp "$(static_busybox)" "$1/bin/busybox"
	for applet in $("$1/bin/busybox" --list); do
		[ -e "$1/bin/$applet" ] || ln -s busybox "$1/bin/$applet"
	done
	printf 'root:x:0:0:root:/root:/bin/sh\nwww:x:33:33:www:/srv:/bin/sh\n' >"$1/etc/passwd"
	printf 'root:x:0:\nwww:x:33:\nteam:x:77:www\n' >"$1/etc/group"
	echo "image's own" >"$1/opt/full/file"
	echo "busybox image" >"$1/etc/motd"
	: >"$1/etc/not-executable"
	printf '#!/bin/sh\necho script "$@"\n' >"$1/usr/bin/script"
	printf '#!/no/such/shell\n' >"$1/usr/bin/lost-shell"
	chmod 755 "$1/usr/bin/script" "$1/usr/bin/lost-shell"
	ln -s /etc/motd "$1/srv/absolute"
	ln -s ../../../../../../etc/motd "$1/srv/above"
	ln -s loop "$1/srv/loop"
	ln -s /no/such "$1/srv/dangling"
	chmod 1777 "$1/tmp" "$1/var/tmp"
}

# squash FOLDER FILE [OPTION...]: everything in it belongs to root unless told otherwise.
squash() {
	local folder=$1 file=$2
	shift 2
	mksquashfs "$folder" "$file" -noappend -quiet -no-progress "${@:--all-root}" >&2
}

make_image_folder() { busybox_root "$1"; }
make_image_zstd() { squash "$(image folder)" "$1" -comp zstd -all-root; }
make_image_gzip() { squash "$(image folder)" "$1" -comp gzip -all-root; }
make_image_lz4() { squash "$(image folder)" "$1" -comp lz4 -all-root; }
make_image_xz() { squash "$(image folder)" "$1" -comp xz -all-root; }
make_image_lzo() { squash "$(image folder)" "$1" -comp lzo -all-root; }

# An image of urun's own: /.urun/config.json as docker writes it.
make_image_urun() {
	local root=$1.root
	busybox_root "$root"
	mkdir -p "$root/.urun" "$root/work/relative"
	cat >"$root/.urun/config.json" <<-'END'
	{ "architecture": "amd64", "os": "linux", "config": {
	  "Entrypoint": ["/bin/echo", "entry"], "Cmd": ["default"],
	  "Env": ["PATH=/bin:/opt/bin", "FROM_IMAGE=yes"], "User": "www",
	  "WorkingDir": "/work", "StopSignal": "SIGUSR1",
	  "Labels": { "org.example": "label" } } }
	END
	[ "$(uname -m)" != aarch64 ] || sed -i s/amd64/arm64/ "$root/.urun/config.json"
	squash "$root" "$1" -comp zstd -all-root
	remove_tree "$root"
}

# As `enroot import` writes them.
make_image_enroot() {
	local root=$1.root
	busybox_root "$root"
	printf 'FROM_ENROOT=yes\nPATH=/bin:/enroot/bin\n' >"$root/etc/environment"
	cat >"$root/etc/rc" <<-'END'
	mkdir -p "/tmp" 2> /dev/null
	cd "/" || exit 1
	if [ -s /etc/rc.local ]; then . /etc/rc.local; fi
	if [ $# -gt 0 ]; then
	    exec echo rc "$@"
	else
	    exec echo rc default
	fi
	END
	chmod 755 "$root/etc/rc"
	squash "$root" "$1" -comp lz4 -all-root
	remove_tree "$root"
}

# As `ch-convert` writes them.
make_image_charliecloud() {
	local root=$1.root
	busybox_root "$root"
	mkdir "$root/ch"
	printf 'FROM_CH=yes\nPATH=/bin:/ch/bin\n' >"$root/ch/environment"
	echo '{ "cwd": "/srv" }' >"$root/ch/metadata.json"
	squash "$root" "$1" -comp gzip -all-root
	remove_tree "$root"
}

# As `apptainer build` writes them.
make_image_sif() {
	local root=$1.root
	busybox_root "$root"
	mkdir -p "$root/.singularity.d/env"
	cat >"$root/.singularity.d/env/10-docker2singularity.sh" <<-'END'
	#!/bin/sh
	export PATH="/bin:/sif/bin"
	export FROM_SIF="${FROM_SIF:-"yes"}"
	END
	echo "export SIF_ENVIRONMENT=\"from \$FROM_SIF\"" \
		>"$root/.singularity.d/env/90-environment.sh"
	printf '#!/bin/sh\necho runscript "$@"\n' >"$root/.singularity.d/runscript"
	chmod 755 "$root"/.singularity.d/env/*.sh "$root/.singularity.d/runscript"
	squash "$root" "$1.squashfs" -comp gzip -all-root
	python3 "$URUN_SOURCE/tests/make-sif" "$1.squashfs" "$1"
	remove_tree "$root"
	rm -f "$1.squashfs"
}

# A bundle as `oci-runtime-tool` and engines write them.
make_image_bundle() {
	mkdir "$1"
	busybox_root "$1/rootfs"
	cat >"$1/config.json" <<-'END'
	{ "ociVersion": "1.2.0",
	  "process": { "user": { "uid": 0, "gid": 0 }, "cwd": "/srv",
	    "args": ["/bin/echo", "bundle"],
	    "env": ["PATH=/bin", "FROM_BUNDLE=yes"] },
	  "root": { "path": "rootfs" },
	  "mounts": [
	    { "destination": "/srv/stolen", "type": "bind", "source": "/etc",
	      "options": ["rbind"] } ],
	  "hooks": { "createRuntime": [ { "path": "/bin/touch",
	    "args": ["touch", "/tmp/urun-test-hook-ran"] } ] },
	  "linux": { "namespaces": [ { "type": "mount" }, { "type": "pid" } ] } }
	END
}

# What urun doctor calls an image for another architecture: s390x says its first program.
make_image_foreign() {
	local root=$1.root
	mkdir -p "$root/bin"
	# A 64-bit big-endian executable for EM_S390, of which only the header is right.
	printf '\177ELF\002\002\001\0\0\0\0\0\0\0\0\0\0\002\0\026\0\0\0\001%b%b' \
		'\0\0\0\0\0\001\0\0' '\0\0\0\0\0\0\0\100' >"$root/bin/true"
	truncate -s 4096 "$root/bin/true"
	chmod 755 "$root/bin/true"
	squash "$root" "$1" -all-root
	remove_tree "$root"
}

# Made beside its place and renamed: several tests may ask at once.
image() {
	local kind=$1 folder path mine
	folder=$(image_folder)
	case $kind in
	folder | bundle) path=$folder/$kind ;;
	sif) path=$folder/busybox.sif ;;
	*) path=$folder/busybox-$kind.sqsh ;;
	esac
	if [ ! -e "$path" ]; then
		mkdir -p "$folder"
		mine=$(mktemp -d "$folder/.new.XXXXXX")
		"make_image_$kind" "$mine/image" >&2 || return
		# -T: a folder that somebody else has put there is not moved into.
		mv -nT "$mine/image" "$path" 2>/dev/null || :
		remove_tree "$mine"
	fi
	echo "$path"
}
