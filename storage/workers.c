// SPDX-License-Identifier: Apache-2.0
/* workers.c - threads that take turns in waiting for work */
#include <poll.h>
#include <pthread.h>
#include <stddef.h>

#include "storage/workers.h"

#define WORKERS_MAX 64
#define EAGER_TURNS 32		/* slow answers after one that others had to wait for */
#define STACK_BYTES (512 << 10) /* pieces, names and a decompressor's own */

struct workers {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	void (*work)(struct workers *, void *context);
	void *context;
	unsigned int max;
	unsigned int idle; /* waiting to lead */
	bool has_leader, is_over;
	int request_fd;
	/* The leader's: */
	bool was_alone;	    /* it kept the lead during a slow answer */
	unsigned int eager; /* how many times more it steps aside without looking */
	pthread_t threads[WORKERS_MAX]; /* besides the first one */
	unsigned int n_threads;
};

static __thread struct workers *leading; /* what this thread leads; NULL: nothing */

static bool requests_wait(const struct workers *workers)
{
	struct pollfd requests = { .fd = workers->request_fd, .events = POLLIN };

	return poll(&requests, 1, 0) > 0;
}

/* Did somebody have to wait while the leader worked alone? */
static void look_back(struct workers *workers)
{
	if (workers->was_alone && requests_wait(workers))
		workers->eager = EAGER_TURNS;
	workers->was_alone = false;
}

/* Is another thread worth its switch? */
static bool work_for_two(struct workers *workers)
{
	if (workers->eager == 0)
		return requests_wait(workers);
	workers->eager--;
	return true;
}

bool workers_lead(struct workers *workers)
{
	bool is_over;

	if (leading) {
		look_back(workers);
		return true;
	}
	(void)pthread_mutex_lock(&workers->lock); /* not ours, so no deadlock */
	workers->idle++;
	while (workers->has_leader && !workers->is_over)
		(void)pthread_cond_wait(&workers->changed, &workers->lock);
	workers->idle--;
	is_over = workers->is_over;
	if (!is_over) {
		workers->has_leader = true;
		leading = workers;
	}
	(void)pthread_mutex_unlock(&workers->lock); /* ours */
	return !is_over;
}

bool workers_is_leading(void)
{
	return leading != NULL;
}

static void *thread_main(void *argument)
{
	struct workers *workers = argument;

	workers->work(workers, workers->context);
	return NULL;
}

static bool thread_start(struct workers *workers)
{
	pthread_attr_t attr;
	int r;

	if (workers->n_threads + 1 >= workers->max)
		return false;
	if (pthread_attr_init(&attr) != 0)
		return false;
	(void)pthread_attr_setstacksize(&attr, STACK_BYTES); /* else it is larger */
	r = pthread_create(&workers->threads[workers->n_threads], &attr, thread_main,
			   workers);
	(void)pthread_attr_destroy(&attr); /* cannot fail */
	if (r == 0)
		workers->n_threads++;
	return r == 0;
}

void workers_give_lead(void)
{
	struct workers *workers = leading;

	if (!workers)
		return;
	(void)pthread_mutex_lock(&workers->lock); /* not ours, so no deadlock */
	/* Without a successor we go on leading: requests wait, but none is lost. */
	if (workers->idle > 0 || thread_start(workers)) {
		workers->has_leader = false;
		leading = NULL;
		(void)pthread_cond_signal(&workers->changed); /* cannot fail */
	}
	(void)pthread_mutex_unlock(&workers->lock); /* ours */
}

void workers_step_aside(void)
{
	if (!leading)
		return;
	if (work_for_two(leading))
		workers_give_lead();
	else
		leading->was_alone = true;
}

void workers_end(struct workers *workers)
{
	(void)pthread_mutex_lock(&workers->lock); /* not ours, so no deadlock */
	workers->is_over = true;
	leading = NULL;
	(void)pthread_cond_broadcast(&workers->changed); /* cannot fail */
	(void)pthread_mutex_unlock(&workers->lock);	 /* ours */
}

void workers_run(unsigned int max, int request_fd,
		 void (*work)(struct workers *, void *context), void *context)
{
	struct workers workers = {
		.lock = PTHREAD_MUTEX_INITIALIZER,
		.changed = PTHREAD_COND_INITIALIZER,
		.work = work,
		.context = context,
		.request_fd = request_fd,
		.max = max < WORKERS_MAX ? max : WORKERS_MAX,
	};

	work(&workers, context);
	/* It is over for all, so nobody starts another thread now. */
	for (unsigned int i = 0; i < workers.n_threads; i++)
		(void)pthread_join(workers.threads[i], NULL); /* ours, and joinable */
}
