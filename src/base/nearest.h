// SPDX-License-Identifier: Apache-2.0
/* nearest.h - "did you mean": how far two words are from each other */
#ifndef URUN_BASE_NEAREST_H
#define URUN_BASE_NEAREST_H

/* The best of several candidates, offered one after the other. */
struct nearest {
	const char *typed;
	const char *word; /* the best so far; NULL: none is near enough */
	int distance;
};

void nearest_start(struct nearest *nearest, const char *typed);
void nearest_offer(struct nearest *nearest, const char *word); /* borrows word */

#endif
