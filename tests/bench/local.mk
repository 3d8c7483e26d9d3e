# SPDX-License-Identifier: Apache-2.0
# benchmarks: programs that "make bench" runs; each fails when it misses its aims
BENCHES += \
	tests/bench/image \
	tests/bench/start
