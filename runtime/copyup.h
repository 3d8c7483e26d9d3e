// SPDX-License-Identifier: Apache-2.0
/* copyup.h - filling a tmpfs with what lay below it; private to runtime */
#ifndef URUN_RUNTIME_COPYUP_H
#define URUN_RUNTIME_COPYUP_H

/* Copy files, folders and links with their modes from one open folder to another; owners
 * and times where that is allowed. Runs in the child, allocates nothing. 0, or -1 with
 * errno. The mount option "tmpcopyup" of runc and crun. */
int copyup_folder(int from_fd, int to_fd);

#endif
