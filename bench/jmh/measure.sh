#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Measures what docs/benchmarks.md shows, with the java of JAVA_HOME or the PATH, into docs/benchmarks/*.json: some 35
# minutes on two cores with nothing else to do. Options of JMH may follow, such as -wi 2 -i 3.
#
#   bench/jmh/measure.sh            this project's benchmarks
#   bench/jmh/measure.sh peers      those beside other frameworks, which the profile peers builds
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

more=("$@")
# run NAME OPTIONS: results into docs/benchmarks/NAME.json.
run() {
    local out=docs/benchmarks/$1.json
    shift
    printf '\n== %s\n' "$out"
    "$java" -jar bench/jmh/target/benchmarks.jar "$@" "${more[@]}" -rf json -rff "$out"
    anonymous "$out"
}

# of KEY: what lscpu says of the processor.
of() {
    LC_ALL=C lscpu | sed -n "s/^ *$1: *//p" | head -n 1
}
printf '{\n  "processor": "%s, family %s, model %s",\n  "cores": %d,\n  "caches": "%s",\n  "memory": "%s",\n  "system": "%s"\n}\n' \
    "$(of 'Model name')" "$(of 'CPU family')" "$(of 'Model')" "$(nproc)" \
    "L1d $(of 'L1d cache'), L2 $(of 'L2 cache'), L3 $(of 'L3 cache')" \
    "$(awk '/^MemTotal/ { printf "%.0f GiB", $2 / 1048576 }' /proc/meminfo)" \
    "$(uname -sr | sed 's|-.*||')" >docs/benchmarks/machine.json

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
