#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Measures what docs/benchmarks.md shows, with the java of JAVA_HOME or the PATH, into docs/benchmarks/*.json: some 35
# minutes on two cores with nothing else to do. Options of JMH may follow, such as -wi 2 -i 3.
#
#   bench/jmh/measure.sh            this project's benchmarks
#   bench/jmh/measure.sh peers      those beside other frameworks, which the profile peers builds
#   bench/jmh/measure.sh avx2       those beside PyTorch with no vector of more than 256 bits on either side, 7 minutes
#
# The page quotes each line that begins with "run" as the command beside its table.
set -euo pipefail
cd "$(dirname "$0")/../.."
java=${JAVA_HOME:+$JAVA_HOME/bin/}java

# anonymous FILE: without the place of this machine's java.
anonymous() {
    sed -i 's|^\( *"jvm" : "\).*/|\1|' "$1"
}

if [[ ${1:-} == peers ]]; then
    shift
    "$java" -jar bench/peers/target/peers.jar --json docs/benchmarks/peers.json "$@"
    anonymous docs/benchmarks/peers.json
    exit
fi

# machine FILE: what lscpu says of the processor, and more.
of() {
    LC_ALL=C lscpu | sed -n "s/^ *$1: *//p" | head -n 1
}
machine() {
    printf '{\n  "processor": "%s, family %s, model %s",\n  "cores": %d,\n  "caches": "%s",\n  "memory": "%s",\n  "system": "%s"\n}\n' \
        "$(of 'Model name')" "$(of 'CPU family')" "$(of 'Model')" "$(nproc)" \
        "L1d $(of 'L1d cache'), L2 $(of 'L2 cache'), L3 $(of 'L3 cache')" \
        "$(awk '/^MemTotal/ { printf "%.0f GiB", $2 / 1048576 }' /proc/meminfo)" \
        "$(uname -sr | sed 's|-.*||')" >"$1"
}

if [[ ${1:-} == avx2 ]]; then
    shift
    machine docs/benchmarks/avx2-machine.json
    parts=$(mktemp -d)
    trap 'rm -r "$parts"' EXIT
    # beside SIDE OPTIONS: Masktape and one side, which both obey these limits.
    beside() {
        ATEN_CPU_CAPABILITY=avx2 ONEDNN_MAX_CPU_ISA=AVX2 MKL_ENABLE_INSTRUCTIONS=AVX2 \
            "$java" -jar bench/peers/target/peers.jar --only benchmarks --json "$parts/$1.json" \
            -jvmArgsAppend -XX:UseAVX=2 -f 2 -wi 3 -i 3 -w 1 -r 1 -p side="masktape,$1" "${@:2}"
    }
    beside torch 'Matmul|DenseStep' "$@"
    beside torch-by-example DropConnectStep -p dropProbability=0.5 "$@"
    # One array of the two, whose brackets stand on lines of their own.
    { echo '['; sed '/^[][]\?$/d' "$parts/torch.json"; echo ','; sed '/^[][]\?$/d' "$parts/torch-by-example.json"; echo ']'; } \
        >docs/benchmarks/avx2-peers.json
    anonymous docs/benchmarks/avx2-peers.json
    exit
fi

more=("$@")
# run NAME OPTIONS: results into docs/benchmarks/NAME.json.
run() {
    local out=docs/benchmarks/$1.json
    shift
    printf '\n== %s\n' "$out"
    "$java" -jar bench/jmh/target/benchmarks.jar "$@" "${more[@]}" -rf json -rff "$out"
    anonymous "$out"
}

machine docs/benchmarks/machine.json

run limits Limits
run limits-2 Limits -t 2
run matmul DenseProduct -p threads=1,2
run masked MaskedProduct -p threads=1,2
run masks MaskGeneration.draw -p p=0.1,0.2,0.5
run storage 'MaskGeneration.(products|stored|recomputed)' -p kernel=vector -p p=0.2,0.5
run step TrainingStep -prof gc
run width TrainingStep -p regularizer=none,dropconnect -p width=128,256,512,1024,2048 -p threads=1
run batch TrainingStep -p regularizer=none,dropconnect -p batch=1,8,32,128,512 -p threads=1
run p TrainingStep -p regularizer=dropconnect -p p=0.1,0.2,0.5 -p threads=1
run kernels TrainingStep -p regularizer=none,dropconnect -p kernel=vector,scalar -p dtype=FLOAT32,FLOAT64 -p threads=1
run small SmallNet -prof gc
