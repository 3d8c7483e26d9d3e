// SPDX-License-Identifier: Apache-2.0
/* layer_trial.h - does overlayfs really work here? Private to runtime.
 *
 * A successful mount proves nothing: before Linux 6.6 tmpfs has no user xattrs, and then
 * the removal of an image's folder fails with EIO; other kernels fail at the first change
 * of a file that comes through FUSE. */
#ifndef URUN_RUNTIME_LAYER_TRIAL_H
#define URUN_RUNTIME_LAYER_TRIAL_H

/* Change, replace, remove and make again what a small image has, in namespaces and
 * processes of its own, with the changes in dir (a private folder, left as it was), or in
 * a tmpfs if it is NULL. The image is a FUSE mount, or a folder where there is no FUSE.
 * Takes some 5 ms. 0: all of it works. -errno with a sentence: what doesn't. */
int layer_trial(const char *dir);

#endif
