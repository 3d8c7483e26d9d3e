// SPDX-License-Identifier: Apache-2.0
/* main.c - urun: run OCI images without root */
#include <stdio.h>

int main(void)
{
	printf("urun %s\n", PACKAGE_VERSION);
	return 0;
}
