# SPDX-License-Identifier: Apache-2.0
# Pages and completions are printed by urun from its tables; "make docs" renews the
# shipped ones, and tests/src/test_docs.sh fails while they differ.
MAN_PAGES = \
	man/urun.1 \
	man/urun-completion.1 \
	man/urun-config.1 \
	man/urun-doctor.1 \
	man/urun-exec.1 \
	man/urun-explain.1 \
	man/urun-help.1 \
	man/urun-run.1 \
	man/urun-shell.1 \
	man/urun-spec.1 \
	man/urun-unshare.1 \
	man/urun-version.1 \
	man/urun.conf.5
dist_man_MANS += $(MAN_PAGES)

bashcompletiondir = $(datadir)/bash-completion/completions
dist_bashcompletion_DATA = completions/bash/urun
zshcompletiondir = $(datadir)/zsh/site-functions
dist_zshcompletion_DATA = completions/zsh/_urun
fishcompletiondir = $(datadir)/fish/vendor_completions.d
dist_fishcompletion_DATA = completions/fish/urun.fish

.PHONY: docs
docs: urun$(EXEEXT)
	@set -e; cd $(srcdir); mkdir -p man completions/bash completions/zsh completions/fish; \
	urun='$(abs_top_builddir)/urun$(EXEEXT)'; \
	for page in $(MAN_PAGES); do "$$urun" help --man="$${page#man/}" >"$$page"; done; \
	"$$urun" completion bash >completions/bash/urun; \
	"$$urun" completion zsh >completions/zsh/_urun; \
	"$$urun" completion fish >completions/fish/urun.fish
