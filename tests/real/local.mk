# SPDX-License-Identifier: Apache-2.0
# tests with real images: skipped unless URUN_TEST_REAL_IMAGES names what make-image made
REAL_TESTS = \
	tests/real/forms.sh \
	tests/real/nested.sh \
	tests/real/packages.sh \
	tests/real/python.sh \
	tests/real/terminal.sh
TESTS += $(REAL_TESTS)
EXTRA_DIST += $(REAL_TESTS) tests/real/lib.sh tests/real/make-image
