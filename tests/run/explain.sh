#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# explain.sh - urun explain and urun spec: what a run would do
. "$URUN_SOURCE/tests/lib.sh"

explains_in_words() {
	needs userns fuse
	works urun explain --ulimit nofile=100:200 -e A=1 "$(image zstd)" ls -l
	like "$out" 'Image .*a squashfs file'
	like "$out" 'Command  *ls -l'
	like "$out" 'Identity  *you: uid'
	like "$out" '/tmp is /tmp of the host'
	like "$out" 'own namespaces: user, mount, pid'
	like "$out" 'RLIMIT_NOFILE: 100, at most 200'
	like "$out" 'dropped of yours:.*PATH'
	like "$out" '"ociVersion"'
}

gives_reasons() {
	needs userns fuse
	PMI_RANK=1 works urun explain "$(image zstd)" true
	like "$out" 'PMI_RANK is set'
	cd /usr/lib || return
	works urun explain "$(image zstd)" true
	like "$out" "'/usr/lib' is not bound"
	like "$out" "the image's working directory"
}

tells_the_fake_root() {
	needs userns fuse nosubid user
	works urun explain --root "$(image zstd)" true
	like "$out" 'only seem to succeed'
	works urun explain --root=strict "$(image zstd)" true
	like "$(grep -c 'only seem to succeed' <<<"$out")" 0
}

prints_json_only() {
	needs userns fuse python3
	run sh -c "urun explain --json '$(image zstd)' ls | python3 -m json.tool >/dev/null"
	is "$status" 0
}

spec_is_what_explain_shows() {
	needs userns fuse
	works urun explain --json --isolate "$(image urun)"
	local explained=$out
	works urun spec --isolate "$(image urun)"
	is "$out" "$explained"
	like "$out" 'org.urun.image'
}

leaves_nothing_running() {
	needs userns fuse
	works urun explain "$(image zstd)" true
	is "$(pgrep -u "$(id -u)" -fc "urun-fs.*$T")" 0
}

says_what_is_wrong() {
	refused 125 none.sqsh urun explain none.sqsh true
	refused 125 none.sqsh urun spec none.sqsh true
}

run_tests explains_in_words gives_reasons tells_the_fake_root prints_json_only \
	spec_is_what_explain_shows leaves_nothing_running says_what_is_wrong
