# SPDX-License-Identifier: Apache-2.0
# What administrators install: nothing here is needed to run.
EXTRA_DIST += share/apparmor/urun
apparmordir = $(pkgdatadir)/apparmor
apparmor_DATA = share/apparmor/urun.profile
CLEANFILES += share/apparmor/urun.profile

share/apparmor/urun.profile: share/apparmor/urun Makefile
	$(AM_V_GEN)$(MKDIR_P) share/apparmor && \
		sed 's,^profile urun @PROGRAM@,profile urun $(bindir)/urun,' \
		$(srcdir)/share/apparmor/urun >$@
