// SPDX-License-Identifier: Apache-2.0
/* sync.h - what supervisor, init and command say to each other; private to runtime
 *
 *	supervisor              init                           command
 *	    | ---- clone --------> |
 *	    |   (newuidmap and newgidmap, when ranges are mapped)
 *	    | ---- MAPPED -------> |  map one id itself, or wait for this
 *	    |                      |  mounts, root, devices ...
 *	    | <--- READY --------- |  + the pty's master, when there is a terminal
 *	    |                      |
 *	    |   container_create() ends here, container_start() begins
 *	    |                      |
 *	    | ---- START --------> | ---- clone -------------------> |
 *	    | <--- STARTED ------- |  + a pidfd of the command       |  ids, capabilities,
 *	    |                      |                                 |  filter ...
 *	    | <=== end of file on the exec channel ================= |  exec
 *	    |                      |
 *	    |   container_wait()
 *	    |                      |
 *	    | <--- STOPPED ------- | <--- stopped by a signal ------ |
 *	    | <--- ENDED --------- | <--- ended -------------------- |
 *	    |      (init ends what is left, then itself)
 *
 * A step that fails says FAILED with its number, errno and item: init on the sync
 * channel, the command on the exec channel. End of file on the sync channel means that
 * the other side died: init then ends the container, the supervisor ends its wait.
 * A fuse-overlayfs is started between MAPPED and READY:
 *
 *	    | <--- SERVE_LAYER --- |  + the FUSE descriptor it serves
 *	    |   (a child copies the mount namespace, still without the mount)
 *	    | ---- SERVED -------> |  mounts
 *	    | <--- MOUNTED ------- |
 *	    |   (that child executes fuse-overlayfs, which must find a mount)
 */
#ifndef URUN_RUNTIME_SYNC_H
#define URUN_RUNTIME_SYNC_H

#include <stddef.h>
#include <stdint.h>

enum sync_kind {
	SYNC_MAPPED = 1,
	SYNC_READY,
	SYNC_START,
	SYNC_STARTED,
	SYNC_STOPPED,
	SYNC_ENDED,
	SYNC_FAILED,
	SYNC_SERVE_LAYER,
	SYNC_LAYER_SERVED,
	SYNC_LAYER_MOUNTED,
};

enum sync_stage { STAGE_CONTAINER, STAGE_COMMAND };

#define SYNC_TEXT_MAX 512 /* an example path; longer ones are cut */

struct sync_message {
	int32_t kind;
	int32_t stage, step, error; /* FAILED: which step, and errno */
	int32_t detail;		    /* FAILED: what else the sentence needs */
	int32_t status;		    /* STOPPED: the signal; ENDED: as the shell sees it */
	uint64_t count;		    /* FAILED: item of the step; ENDED: files lost */
	char text[SYNC_TEXT_MAX];   /* ENDED: one of the files */
};

/* Send, with a descriptor unless pass_fd is -1. 0 or -errno; allocates nothing. */
int sync_send(int fd, const struct sync_message *message, int pass_fd);
int sync_send_kind(int fd, enum sync_kind kind);

/* Wait for the next message. 1; 0 at the end of file; or -errno. A descriptor that came
 * with it, or -1, goes to *ret_fd (NULL: closed). Allocates nothing. */
int sync_receive(int fd, struct sync_message *ret, int *ret_fd);

/* Wait for a message of this kind. 0; -EPIPE: the other side is gone; -EPROTO: another.
 */
int sync_expect(int fd, enum sync_kind kind);

#endif
