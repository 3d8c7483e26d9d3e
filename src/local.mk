# SPDX-License-Identifier: Apache-2.0
# liburun is all of urun but main.c, so that tests can link its parts.
noinst_LIBRARIES += src/liburun.a
src_liburun_a_SOURCES = \
	src/cmd_doctor.c \
	src/cmd_completion.c \
	src/cmd_config.c \
	src/cmd_help.c \
	src/cmd_explain.c \
	src/cmd_run.c \
	src/cmd_spec.c \
	src/cmd_unshare.c \
	src/cmd_version.c \
	src/command_line.c src/command_line.h \
	src/commands.h \
	src/completion.c src/completion.h \
	src/completion_bash.c \
	src/completion_fish.c \
	src/completion_zsh.c \
	src/conf.c src/conf.h \
	src/conf_file.c src/conf_file.h \
	src/conf_lines.c \
	src/conf_store.c src/conf_store.h \
	src/conf_variables.c \
	src/help.c src/help.h \
	src/man.c src/man.h \
	src/opt_value.c \
	src/options.c src/options.h \
	src/envfile.c src/envfile.h \
	src/machine.c src/machine.h \
	src/mountspec.c src/mountspec.h \
	src/passwd.c src/passwd.h \
	src/doctor.c src/doctor.h \
	src/doctor_files.c \
	src/doctor_host.c \
	src/doctor_process.c \
	src/places.c src/places.h \
	src/plan.c src/plan.h \
	src/plan_command.c \
	src/plan_env.c \
	src/plan_files.c \
	src/plan_host.c \
	src/plan_image.c \
	src/plan_isolate.c \
	src/plan_look.c \
	src/plan_mounts.c \
	src/plan_proc.c \
	src/plan_ranges.c \
	src/plan_user.c \
	src/plan_wishes.c \
	src/planning.c src/planning.h \
	src/settings.c src/settings.h \
	src/verbs.c src/verbs.h

bin_PROGRAMS += urun
urun_SOURCES = src/main.c
urun_LDADD = src/liburun.a runtime/libruntime.a storage/libstorage.a src/base/libbase.a \
	$(SECCOMP_LIBS) $(JANSSON_LIBS)
