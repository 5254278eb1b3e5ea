#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Kills a short training run (SIGKILL) at N random moments, each time followed by --resume, and checks after every kill
# that no finished epoch is lost, and at the end of every run that its weights are those of a run that nobody disturbed.
#
#   bench/cli/kill-and-resume.sh [N] [SEED]        200 kills by default, some minutes; exit code 0 if all is well
#
# Every fifth process computes in a second JVM (with vectors, where there are any): then the first one is killed.
# JAVA and MASKTAPE_JAR choose another Java and another jar.
set -u

kills=${1:-200}
seed=${2:-1}
java=${JAVA:-java}
jar=${MASKTAPE_JAR:-$(dirname "$0")/target/masktape.jar}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
RANDOM=$seed

options=(--data moons --hidden 32,16 --epochs 60 --batch-size 20 --validation 0.25 --patience 20 --clip 5)
often=(--checkpoint-seconds 0.02)

fail() {
    echo "FAILED: $*" >&2
    sed 's/^/    /' "$work/err" >&2
    exit 1
}

# Less to do at the start, so that more of the kills meet the run.
light=(-Xmx256m -XX:+UseSerialGC -XX:TieredStopAtLevel=1)

train() {
    "$java" "${light[@]}" -jar "$jar" train "$@" >"$work/out" 2>"$work/err"
}

hash_of_out() {
    sed -n 's/^weights sha256 //p' "$work/out"
}

epochs() {
    [ -f "$work/run/metrics.csv" ] && echo $(($(wc -l <"$work/run/metrics.csv") - 1)) || echo 0
}

milliseconds() {
    local now=${EPOCHREALTIME/[.,]/}
    echo $((now / 1000))
}

start=$(milliseconds)
train "${options[@]}" --out "$work/whole" --kernels scalar || fail "the run that nobody disturbs"
expected=$(hash_of_out)
cp "$work/whole/metrics.csv" "$work/expected.csv"
longest=$(($(milliseconds) - start))
echo "undisturbed: $longest ms, $expected; seed $seed"

killed=0 before=0 unstarted=0 done=0
while [ "$killed" -lt "$kills" ]; do
    # A run begins or continues.
    if [ -f "$work/run/checkpoint.safetensors" ]; then
        command=(--resume "$work/run")
    else
        command=("${options[@]}" --out "$work/run")
    fi
    options_of_java=(-Xmx256m)
    if [ $((RANDOM % 5)) -ne 0 ]; then
        options_of_java=("${light[@]}")
        command+=(--kernels scalar)
    fi
    # Two draws, since one has 15 bits.
    moment=$(((RANDOM * 32768 + RANDOM) % longest))

    "$java" "${options_of_java[@]}" -jar "$jar" train "${command[@]}" "${often[@]}" >"$work/out" 2>"$work/err" &
    pid=$!
    sleep "$(printf '%d.%03d' $((moment / 1000)) $((moment % 1000)))"
    if kill -9 "$pid" 2>/dev/null; then
        killed=$((killed + 1))
        wait "$pid" 2>/dev/null
        # A second JVM ends when it notices that the first is gone; until then it may still write.
        while pgrep -f "masktape.parent=$pid " >/dev/null; do sleep 0.01; done
        outcome=killed
    else
        wait "$pid" || fail "kill $killed: ${command[*]}"
        outcome=ended
    fi
    now=$(epochs)
    [ "$now" -ge "$before" ] || fail "after kill $killed: $before epochs were finished, now $now"
    before=$now
    [ -f "$work/run/checkpoint.safetensors" ] || unstarted=$((unstarted + 1))
    [ -n "${VERBOSE:-}" ] && echo "kill $killed after $moment ms: $now epochs, $outcome"

    # Now and then, and at last, it is let go on to its end.
    if [ "$outcome" = ended ] || [ $((RANDOM % 4)) -eq 0 ] || [ "$killed" -eq "$kills" ]; then
        if [ -f "$work/run/checkpoint.safetensors" ]; then
            train --resume "$work/run" --kernels scalar || fail "kill $killed: --resume"
        else
            train --resume "$work/run" --kernels scalar && fail "kill $killed: resumed a run that never began"
            train "${options[@]}" --out "$work/run" --kernels scalar || fail "kill $killed: --out once more"
        fi
        [ "$(hash_of_out)" = "$expected" ] || fail "kill $killed: other weights: $(hash_of_out)"
        cmp -s "$work/run/metrics.csv" "$work/expected.csv" || fail "kill $killed: other metrics"
        [ -z "$(find "$work/run" -name '*.tmp')" ] || fail "kill $killed: temporary files are left"
        done=$((done + 1))
        rm -rf "$work/run"
        before=0
    fi
    [ $((killed % 20)) -ne 0 ] || [ "$outcome" != killed ] || echo "$killed kills"
done
echo "$killed kills in $(($(milliseconds) / 1000 - start / 1000)) s, $unstarted of them before there was a checkpoint:" \
    "$done runs came to their end, all with the same weights and metrics; no epoch was lost"
