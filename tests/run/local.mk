# SPDX-License-Identifier: Apache-2.0
# the command as users see it
SHELL_TESTS += \
	tests/run/bad-input.sh \
	tests/run/config.sh \
	tests/run/crowd.sh \
	tests/run/doctor.sh \
	tests/run/ends.sh \
	tests/run/environment.sh \
	tests/run/explain.sh \
	tests/run/files.sh \
	tests/run/grammar.sh \
	tests/run/identity.sh \
	tests/run/images.sh \
	tests/run/installed.sh \
	tests/run/isolation.sh \
	tests/run/kill.sh \
	tests/run/layers.sh \
	tests/run/nested.sh
