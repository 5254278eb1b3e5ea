#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Checks "same seed, same bits" on other processors: aarch64, and s390x, which is big-endian. Debian's OpenJDK for them runs in
# QEMU's user mode; the hash of the weights must be the one of this machine. Build first: mvn -DskipTests package
#
#   docs/reliability/architectures.sh                        both architectures, on one thread and on two
#   docs/reliability/architectures.sh aarch64 vector         one architecture and kernels
#
# The packages, 170 MB, are downloaded with apt-get and unpacked into docs/target/architectures; nothing is installed, and apt's
# own lists do not change. Where this cannot be done, the script says why and exits with 0.
set -euo pipefail
cd "$(dirname "$0")/../.."
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
jar=bench/jmh/target/benchmarks.jar
folder=$PWD/docs/target/architectures
main='--add-modules=jdk.incubator.vector -cp '$jar' io.github.masktape.jmh.Fingerprint 1 2'
runs=0
hashes=()

skip() {
    echo "skipped: $1"
    exit 0
}

[[ -f $jar ]] || { echo "expected $jar; run mvn -DskipTests package" >&2; exit 1; }
command -v apt-get dpkg-deb >/dev/null || skip 'there is no apt-get or dpkg-deb; this needs Debian or a system like it'

# packages ARCHITECTURE PACKAGE...: downloads and unpacks them, unless they are there. ARCHITECTURE is a name of Debian's.
packages() {
    local root=$folder/$1 options
    [[ -f $root/unpacked ]] && return
    rm -rf "$root"
    mkdir -p "$root"/{state/lists/partial,cache/archives/partial,download}
    : >"$root/state/status"
    options=(-qq -o "APT::Architecture=$1" -o "APT::Architectures=$1" -o APT::Sandbox::User=root
        -o "Dir::State=$root/state" -o "Dir::State::status=$root/state/status" -o "Dir::Cache=$root/cache")
    apt-get "${options[@]}" update && (cd "$root/download" && apt-get "${options[@]}" download "${@:2}") ||
        skip "the packages ${*:2} cannot be downloaded for $1"
    for package in "$root"/download/*.deb; do
        dpkg-deb -x "$package" "$root"
    done
    rm -rf "$root"/{download,state,cache}
    touch "$root/unpacked"
}

# run NAME KERNELS COMMAND...: prints a line, with the hash of each number of threads.
run() {
    local name=$1 kernels=$2 start=$SECONDS lines
    mapfile -t lines < <("${@:3}" "-Dmasktape.kernels=$kernels" $main 2>"$folder/errors" || true)
    if ((${#lines[@]} != 4)); then
        printf '%-8s %-7s ' "$name" "$kernels"
        if grep -q 'masktape.kernels=vector:' "$folder/errors"; then
            grep -o -m 1 'masktape.kernels=vector:.*' "$folder/errors"
            return
        fi
        echo 'FAILED'
        cat "$folder/errors"
        exit 1
    fi
    printf '%-8s %-24s %.12s %.12s  %s s\n' "$name" "${lines[0]}" "${lines[2]}" "${lines[3]}" $((SECONDS - start))
    hashes+=("${lines[@]:2}")
    runs=$((runs + 2))
}

# emulated NAME ARCHITECTURE KERNELS: a run on another processor; on aarch64, on one that has NEON but not SVE.
emulated() {
    packages "$2" openjdk-17-jre-headless libc6 libgcc-s1 libstdc++6 zlib1g
    [[ $1 != aarch64 ]] || export QEMU_CPU=cortex-a72
    run "$1" "$3" "$folder/host/usr/bin/qemu-$1-static" -L "$folder/$2" "$folder/$2/usr/lib/jvm/java-17-openjdk-$2/bin/java"
}

# wanted NAME KERNELS: true if the arguments ask for it.
arguments=("$@")
wanted() {
    ((${#arguments[@]} == 0)) || [[ $1 == "${arguments[0]}" && (${#arguments[@]} == 1 || $2 == "${arguments[1]}") ]]
}

mkdir -p "$folder"
packages "$(dpkg --print-architecture)" qemu-user-static
ln -sfn "$(dpkg --print-architecture)" "$folder/host"
run "$(uname -m)" auto "$java"
if wanted aarch64 scalar; then emulated aarch64 arm64 scalar; fi
if wanted aarch64 vector; then emulated aarch64 arm64 vector; fi
unset QEMU_CPU
if wanted s390x scalar; then emulated s390x s390x scalar; fi

if [[ $(printf '%s\n' "${hashes[@]}" | sort -u | wc -l) != 1 ]]; then
    echo "$runs runs, different results"
    exit 1
fi
echo "$runs runs on $(uname -m) and others, one sha256: ${hashes[0]}"
