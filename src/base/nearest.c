// SPDX-License-Identifier: Apache-2.0
/* nearest.c - "did you mean": how far two words are from each other
 *
 * How it works: the number of insertions, deletions, replacements and swaps of
 * neighbours (optimal string alignment). A third of the letters may be wrong; the
 * beginning of a word is near to it, too.
 */
#include <string.h>

#include "base/nearest.h"

#define WORD_MAX 32 /* no option or verb is longer; longer words are near to nothing */
#define WRONG_MAX 3 /* more errors than that are another word */
#define START_MIN 3 /* fewer letters begin too many words */

static int smallest(int a, int b)
{
	return a < b ? a : b;
}

static int distance_of(const char *a, const char *b)
{
	int cost[WORD_MAX + 1][WORD_MAX + 1];
	size_t a_len = strlen(a), b_len = strlen(b);

	if (a_len > WORD_MAX || b_len > WORD_MAX)
		return WORD_MAX;
	for (size_t i = 0; i <= a_len; i++)
		cost[i][0] = (int)i;
	for (size_t j = 0; j <= b_len; j++)
		cost[0][j] = (int)j;
	for (size_t i = 1; i <= a_len; i++) {
		for (size_t j = 1; j <= b_len; j++) {
			int differs = a[i - 1] != b[j - 1];

			cost[i][j] = smallest(cost[i - 1][j - 1] + differs,
					      smallest(cost[i - 1][j], cost[i][j - 1]) +
						      1);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] &&
			    a[i - 2] == b[j - 1])
				cost[i][j] = smallest(cost[i][j], cost[i - 2][j - 2] + 1);
		}
	}
	return cost[a_len][b_len];
}

void nearest_start(struct nearest *nearest, const char *typed)
{
	int wrong = (int)strlen(typed) / 3;

	*nearest = (struct nearest){ .typed = typed };
	nearest->distance = 1 + (wrong < 1 ? 1 : smallest(wrong, WRONG_MAX));
}

void nearest_offer(struct nearest *nearest, const char *word)
{
	size_t len = strlen(nearest->typed);
	int distance = distance_of(nearest->typed, word);

	if (len >= START_MIN && strncmp(nearest->typed, word, len) == 0)
		distance = 1;
	if (distance < nearest->distance) {
		nearest->distance = distance;
		nearest->word = word;
	}
}
