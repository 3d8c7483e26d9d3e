# urun completion for fish, printed by 'urun completion fish'
# SPDX-License-Identifier: Apache-2.0

set -g __urun_verbs run exec shell spec explain unshare doctor config version help completion
set -g __urun_with_value -u --user --home -v --bind -B --volume --mount --tmpfs --overlay --overlay-size --shm-size --unpack --data-dir --store --stores -e --env --set-env --env-file --unset-env --unsetenv --pid --ipc --uts --net --network -h --hostname --cap-add --cap-drop --seccomp --ulimit --device -w --workdir --pwd --cwd --cd --entrypoint --umask --preserve-fds --profile

# The verb, or "none"; then "word" once IMAGE was given.
function __urun_state
	set -l words (commandline -opc)[2..]
	set -l verb none
	if set -q words[1]; and contains -- $words[1] $__urun_verbs
		set verb $words[1]
		set -e words[1]
	end
	echo $verb
	while set -q words[1]
		if contains -- $words[1] $__urun_with_value
			set -e words[1]
		else if not string match -q -- '-?*' $words[1]
			echo word
			return
		end
		set -e words[1]
	end
end

# Does one of these verbs stand first, and no word after it?
function __urun_at
	set -l state (__urun_state)
	test (count $state) -eq 1; and contains -- $state[1] $argv
end

function __urun_first
	test (count (commandline -opc)) -eq 1
end

function __urun_images
	set -l begin (commandline -ct)
	__fish_complete_directories $begin IMAGE
	for suffix in sqsh squashfs sqfs sif simg img tar
		set -l files $begin*.$suffix
		set -q files[1]; and printf '%s\n' $files
	end
end

complete -c urun -n __urun_first -fa run -d 'Run an image: its entry point with the ARGs'
complete -c urun -n __urun_first -fa exec -d 'Execute COMMAND in an image'
complete -c urun -n __urun_first -fa shell -d 'Start a shell in an image'
complete -c urun -n __urun_first -fa spec -d 'Print the config.json of a run'
complete -c urun -n __urun_first -fa explain -d 'Say in plain words what a run would do'
complete -c urun -n __urun_first -fa unshare -d 'Run a host command with your ids mapped'
complete -c urun -n __urun_first -fa doctor -d 'Try each thing urun needs on this machine'
complete -c urun -n __urun_first -fa config -d 'Show the options that are in effect'
complete -c urun -n __urun_first -fa version -d 'Show the version'
complete -c urun -n __urun_first -fa help -d 'Explain urun, or a verb'
complete -c urun -n __urun_first -fa completion -d 'Print completions for a shell'
complete -c urun -n '__urun_at none run exec shell spec explain config' -fa '(__urun_images)'
complete -c urun -n '__urun_at help' -fa '$__urun_verbs'
complete -c urun -n '__urun_at completion' -fa 'bash zsh fish'
complete -c urun -n '__urun_at none run exec shell spec explain config unshare' -l root -l fakeroot -fa 'no yes strict' -d 'Be root inside: package managers work'
complete -c urun -n '__urun_at none run exec shell spec explain config unshare' -s u -l user -x -d 'Be UID[:GID], a NAME of the image, or \'image\': the one it asks for'
complete -c urun -n '__urun_at none run exec shell spec explain config unshare' -l home -xa '(__fish_complete_directories)' -d 'Use DIR as home folder'
complete -c urun -n '__urun_at none run exec shell spec explain config unshare' -l no-home -d 'Keep your home folder out'
complete -c urun -n '__urun_at none run exec shell spec explain config unshare' -s v -l bind -s B -l volume -r -F -d 'Show SRC of the host at DST inside'
complete -c urun -n '__urun_at none run exec shell spec explain config unshare' -l mount -x -d 'Mount, in podman\'s words: type=bind,source=SRC,target=DST'
complete -c urun -n '__urun_at none run exec shell spec explain config unshare' -l tmpfs -xa '(__fish_complete_directories)' -d 'Mount an empty folder in memory at DST'
complete -c urun -n '__urun_at none run exec shell spec explain config unshare' -l here -d 'With --isolate, bind the working directory in'
complete -c urun -n '__urun_at none run exec shell spec explain config unshare' -l read-only -d 'Mount the root file system read-only'
complete -c urun -n '__urun_at none run exec shell spec explain config unshare' -l overlay -xa '(__fish_complete_directories)' -d 'Keep changes to the root file system in DIR'
complete -c urun -n '__urun_at none run exec shell spec explain config unshare' -l overlay-size -x -d 'Bound changes that are kept in memory'
complete -c urun -n '__urun_at none run exec shell spec explain config unshare' -l shm-size -x -d 'Mount an own /dev/shm of this size'
complete -c urun -n '__urun_at none run exec shell spec explain config unshare' -l unpack -xa 'auto never' -d 'Without /dev/fuse: unpack the image once, or \'never\''
complete -c urun -n '__urun_at none run exec shell spec explain config unshare' -l data-dir -xa '(__fish_complete_directories)' -d 'Keep what must last in DIR (~/.local/share/urun)'
complete -c urun -n '__urun_at none run exec shell spec explain config unshare' -l store -xa '(__fish_complete_directories)' -d 'Keep images in DIR (images/ in the data folder)'
complete -c urun -n '__urun_at none run exec shell spec explain config unshare' -l stores -xa '(__fish_complete_directories)' -d 'Look for images in these folders, too'
complete -c urun -n '__urun_at none run exec shell spec explain config unshare' -s e -l env -l set-env -xa '(set -nx)' -d 'Set NAME, or copy it (\'SLURM_*\') from the host'
complete -c urun -n '__urun_at none run exec shell spec explain config unshare' -l env-file -r -F -d 'Set what FILE says, in docker\'s format'
complete -c urun -n '__urun_at none run exec shell spec explain config unshare' -l unset-env -l unsetenv -x -d 'Drop NAME, which may be a pattern (\'CONDA_*\')'
complete -c urun -n '__urun_at none run exec shell spec explain config unshare' -l env-host -d 'Keep all variables of the host'
complete -c urun -n '__urun_at none run exec shell spec explain config unshare' -l clean-env -l cleanenv -d 'Drop the host\'s variables, but for terminal, proxies and ranks'
complete -c urun -n '__urun_at none run exec shell spec explain config unshare' -l isolate -l containall -d 'Share nothing: for images you don\'t trust'
complete -c urun -n '__urun_at none run exec shell spec explain config unshare' -l pid -xa 'auto host private' -d 'Which processes are seen: host or private'
complete -c urun -n '__urun_at none run exec shell spec explain config unshare' -l ipc -xa 'auto host private' -d 'Which shared memory is seen: host or private'
complete -c urun -n '__urun_at none run exec shell spec explain config unshare' -l uts -xa 'auto host private' -d 'Which host name is seen: host or private'
complete -c urun -n '__urun_at none run exec shell spec explain config unshare' -l net -l network -xa 'auto host none' -d 'Which network is seen: host or none'
complete -c urun -n '__urun_at none run exec shell spec explain config unshare' -s h -l hostname -x -d 'Have this host name inside'
complete -c urun -n '__urun_at none run exec shell spec explain config unshare' -l cap-add -x -d 'Give a capability over what is yours inside, or ALL'
complete -c urun -n '__urun_at none run exec shell spec explain config unshare' -l cap-drop -x -d 'Take a capability away, or ALL'
complete -c urun -n '__urun_at none run exec shell spec explain config unshare' -l seccomp -r -F -d 'Filter system calls by FILE, \'default\' or \'none\''
complete -c urun -n '__urun_at none run exec shell spec explain config unshare' -l ulimit -x -d 'Limit a resource: nofile=1024'
complete -c urun -n '__urun_at none run exec shell spec explain config unshare' -l device -r -F -d 'Show a device of the host inside'
complete -c urun -n '__urun_at none run exec shell spec explain config unshare' -s w -l workdir -l pwd -l cwd -l cd -xa '(__fish_complete_directories)' -d 'Start in DIR'
complete -c urun -n '__urun_at none run exec shell spec explain config unshare' -l entrypoint -x -d 'Replace the image\'s entry point; \'\' drops it'
complete -c urun -n '__urun_at none run exec shell spec explain config unshare' -s t -l tty -d 'Give the command a terminal of its own'
complete -c urun -n '__urun_at none run exec shell spec explain config unshare' -s i -l interactive -d 'Keep standard input open (it always is)'
complete -c urun -n '__urun_at none run exec shell spec explain config unshare' -l umask -x -d 'Run with this umask'
complete -c urun -n '__urun_at none run exec shell spec explain config unshare' -l preserve-fds -x -d 'Pass on N descriptors from 3 up, and no others'
complete -c urun -n '__urun_at none run exec shell spec explain config unshare' -l profile -x -d 'Use the lines of [profile NAME] of the config files'
complete -c urun -n '__urun_at none run exec shell spec explain config unshare' -s q -l quiet -d 'Say nothing but errors'
complete -c urun -n '__urun_at none run exec shell spec explain config unshare' -l debug -d 'Tell each step, with its time'
complete -c urun -n '__urun_at explain' -l json -d 'Print config.json only'
complete -c urun -n '__urun_at doctor' -l json -d 'Print a JSON array'
complete -c urun -n '__urun_at config' -l show-origin -d 'Tell file and line of each value, and what locks it'
complete -c urun -n '__urun_at config' -l json -d 'Print JSON'
complete -c urun -n '__urun_at help' -l man -x -d 'Print a page for man(1): urun.1, urun-VERB.1, urun.conf.5'
