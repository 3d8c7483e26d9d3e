// SPDX-License-Identifier: Apache-2.0
#include <elf.h>
#include <string.h>

#include "machine.h"
#include "tests/tap.h"

static const char *machine(unsigned char class, unsigned char order, unsigned int number)
{
	char head[EI_NIDENT + 4] = ELFMAG;
	bool big = order == ELFDATA2MSB;

	head[EI_CLASS] = (char)class;
	head[EI_DATA] = (char)order;
	head[EI_NIDENT + 2] = (char)(big ? number >> 8 : number);
	head[EI_NIDENT + 3] = (char)(big ? number : number >> 8);
	return machine_of_elf(head, sizeof(head));
}

static void knows_machines(void)
{
	ok_text(machine(ELFCLASS64, ELFDATA2LSB, EM_X86_64), "x86_64");
	ok_text(machine(ELFCLASS64, ELFDATA2LSB, EM_AARCH64), "aarch64");
	ok_text(machine(ELFCLASS64, ELFDATA2MSB, EM_S390), "s390x");
	ok_text(machine(ELFCLASS32, ELFDATA2LSB, EM_386), "i686");
	ok_text(machine(ELFCLASS64, ELFDATA2LSB, 258), "loongarch64");
}

static void knows_none_of_the_rest(void)
{
	ok(!machine(ELFCLASS64, ELFDATA2LSB, 0xffff));
	ok(!machine_of_elf("", 0));
	ok(!machine_of_elf(ELFMAG, SELFMAG));
	ok(!machine_of_elf("#!/bin/sh\n-----------------", 26));
}

int main(void)
{
	RUN(knows_machines);
	RUN(knows_none_of_the_rest);
	return tap_end();
}
