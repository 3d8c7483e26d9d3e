// SPDX-License-Identifier: Apache-2.0
/* userns.h - why a user namespace can't be made; private to runtime */
#ifndef URUN_RUNTIME_USERNS_H
#define URUN_RUNTIME_USERNS_H

#include <stdbool.h>

/* What was seen when it was tried, and on the machine. */
struct userns_facts {
	bool made;	     /* the namespace itself was; using it failed */
	int error;	     /* positive errno of the step that failed; 0: all worked */
	long max_namespaces; /* user.max_user_namespaces; -1: unknown */
	long clone_allowed;  /* kernel.unprivileged_userns_clone; -1: no such switch */
	long apparmor_restricts; /* kernel.apparmor_restrict_unprivileged_userns; -1 too
				  */
	bool is_filtered;	 /* a seccomp filter is on us */
	bool is_chrooted;
	bool is_privileged; /* CAP_SYS_ADMIN: some switches don't concern us */
};

/* The sentence and the administrator's remedy for it. 0 when nothing failed. */
int userns_explain(const struct userns_facts *facts);

/* Is "/" of this /proc/self/mountinfo missing, as it is after chroot? Changes it. */
bool userns_is_chroot(char *mountinfo);

#endif
