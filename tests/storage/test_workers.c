// SPDX-License-Identifier: Apache-2.0
#include <pthread.h>
#include <semaphore.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/fd.h"
#include "storage/workers.h"
#include "tests/tap.h"

/* Slow answers to the requests that an eventfd counts. */
struct slow {
	int request_fd;
	unsigned int left; /* guarded by the lead: only the leader touches it */
	bool wants_other;  /* the first thread stays in its first answer until another
			      leads */
	sem_t other_led;
	pthread_t first;
};

static void answer_slowly(struct workers *workers, void *context)
{
	struct slow *slow = context;
	eventfd_t one;

	while (workers_lead(workers)) {
		if (slow->left == 0) {
			workers_end(workers);
			break;
		}
		slow->left--;
		(void)eventfd_read(slow->request_fd, &one);
		if (!pthread_equal(pthread_self(), slow->first))
			(void)sem_post(&slow->other_led);
		workers_step_aside();
		if (slow->wants_other && pthread_equal(pthread_self(), slow->first)) {
			(void)sem_wait(&slow->other_led);
			slow->wants_other = false;
		}
	}
}

/* How often another thread than the first one led. */
static int run_slow(unsigned int waiting, unsigned int answers, bool wants_other)
{
	struct slow slow = { .left = answers,
			     .wants_other = wants_other,
			     .first = pthread_self() };
	int others = -1;

	slow.request_fd = eventfd(waiting, EFD_SEMAPHORE | EFD_NONBLOCK | EFD_CLOEXEC);
	(void)sem_init(&slow.other_led, 0, 0);
	workers_run(4, slow.request_fd, answer_slowly, &slow);
	(void)sem_getvalue(&slow.other_led, &others);
	(void)sem_destroy(&slow.other_led);
	(void)close(slow.request_fd);
	ok(slow.left == 0);
	return others;
}

static void works_alone_while_nobody_waits(void)
{
	ok(run_slow(0, 100, false) == 0);
}

/* Fails by never ending: the first thread waits for one that leads beside it. */
static void hands_on_while_others_wait(void)
{
	(void)alarm(60);
	ok(run_slow(1000, 3, true) >= 0);
	(void)alarm(0);
}

int main(void)
{
	RUN(works_alone_while_nobody_waits);
	RUN(hands_on_while_others_wait);
	return tap_end();
}
