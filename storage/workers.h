// SPDX-License-Identifier: Apache-2.0
/* workers.h - threads that take turns in waiting for work
 *
 * One leads: it waits for a request and answers it by itself. Only when an answer takes
 * long and others wait, or did so lately, does it hand the lead on, to a thread that is
 * idle or a new one. So a single reader costs no switch between threads, and slow answers
 * for several run side by side. */
#ifndef URUN_STORAGE_WORKERS_H
#define URUN_STORAGE_WORKERS_H

#include <stdbool.h>

struct workers;

/* Run work in this thread, and in up to max - 1 others as they are needed, until each
 * has returned. request_fd is readable while requests wait. */
void workers_run(unsigned int max, int request_fd,
		 void (*work)(struct workers *, void *context), void *context);

/* Wait until this thread leads (at once, if it does already). false: it is over. */
bool workers_lead(struct workers *workers);

bool workers_is_leading(void); /* this thread */

/* What follows takes long: let another thread lead if there is more to do. May be called
 * by any thread, any number of times. */
void workers_step_aside(void);

/* What follows is for nobody who waits: let another thread lead in any case. */
void workers_give_lead(void);

/* It is over: workers_lead() returns false in all threads. */
void workers_end(struct workers *workers);

#endif
