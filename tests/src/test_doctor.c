// SPDX-License-Identifier: Apache-2.0
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "doctor.h"
#include "tests/tap.h"

static int works(const struct doctor_place *place, struct text *found)
{
	text_addf(found, "below %s", place->data_dir);
	return 0;
}

static int misses(const struct doctor_place *place, struct text *found)
{
	(void)place;
	text_add(found, "half of it");
	return hint(fail(EACCES, "open '/dev/x'"), "chmod 0666 /dev/x");
}

static int dies(const struct doctor_place *place, struct text *found)
{
	(void)place, (void)found;
	(void)kill(getpid(), SIGKILL);
	return 0;
}

static int enters_namespaces(const struct doctor_place *place, struct text *found)
{
	(void)place, (void)found;
	return doctor_enter(0);
}

static struct doctor_finding try(doctor_probe *probe)
{
	struct doctor_place place = { .data_dir = "/data" };
	struct doctor_check check = { "thing", "tests", true, probe };

	return doctor_try(&check, &place);
}

static void tells_what_there_is(void)
{
	struct doctor_finding finding = try(works);

	ok(finding.works);
	ok_text(finding.found, "below /data");
	ok_text(finding.problem, "");
	ok_text(finding.remedy, "");
	doctor_finding_done(&finding);
}

static void tells_what_is_missing_and_the_remedy(void)
{
	struct doctor_finding finding = try(misses);

	ok(!finding.works);
	ok_text(finding.problem, "open '/dev/x': Permission denied");
	ok_text(finding.remedy, "chmod 0666 /dev/x");
	doctor_finding_done(&finding);
}

static void survives_a_probe_that_dies(void)
{
	struct doctor_finding finding = try(dies);

	ok(!finding.works);
	ok(strstr(finding.problem, "ended early") != NULL);
	doctor_finding_done(&finding);
}

static void stays_outside_of_a_probes_namespaces(void)
{
	uid_t uid = geteuid();
	struct doctor_finding finding;

	needs(NEED_USERNS);
	finding = try(enters_namespaces);
	ok(finding.works);
	ok(geteuid() == uid);
	doctor_finding_done(&finding);
}

static void finds_programs_by_path(void)
{
	ok(doctor_find_program("sh", "dash") == 0);
	ok(doctor_find_program("no-such-program", "some-package") == -ENOENT);
	ok_text(last_error.text, "'no-such-program' is not installed");
	ok_text(last_error.hint, "install the package 'some-package'");
}

int main(void)
{
	RUN(tells_what_there_is);
	RUN(tells_what_is_missing_and_the_remedy);
	RUN(survives_a_probe_that_dies);
	RUN(stays_outside_of_a_probes_namespaces);
	RUN(finds_programs_by_path);
	return tap_end();
}
