#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Runs the tests of core, layers and optim again and again, compiled once, to find those that fail now and then.
#
#   docs/reliability/beast.sh N [FOLDER]        until FOLDER/runs.tsv, in docs/target/beast by default, has N runs
#
# Each run draws a seed for the order of test classes and methods; jqwik draws a seed for each property, which it prints
# if that fails. Five runs share a JVM (Beast.java) and meet what was left behind; every second five have the Vector API.
# A run adds a line to runs.tsv: run, seed, kernels, tests, failures, seconds. Of five with failures the output is kept
# beside it, run-<first of the five>-<module>.txt.
# It may be stopped at any time and goes on where it was; what it compiled is taken as it is while it lies in FOLDER.
# JAVA chooses another Java. The exit code is 1 if any run in the folder had failures.
set -euo pipefail
cd "$(dirname "$0")/../.."

wanted=${1:?how many runs?}
folder=${2:-docs/target/beast}
mkdir -p "$folder"
folder=$(cd "$folder" && pwd)
java=${JAVA:-java}
modules=(core layers optim)
runs=$folder/runs.tsv
plugin=org.apache.maven.plugins:maven-dependency-plugin:3.8.1

# Compiled classes and libraries, and a place of its own to run in, so that no other build gets in its way.
if [[ ! -f $folder/console.jar ]]; then
    junit=$(sed -n 's|.*<junit.version>5\.\(.*\)</junit.version>.*|1.\1|p' pom.xml)
    mvn -q -B --no-transfer-progress -pl core,layers,optim test-compile \
        "$plugin:build-classpath" -Dmdep.outputFile=target/beast.classpath
    for module in "${modules[@]}"; do
        rm -rf "${folder:?}/$module"
        mkdir -p "$folder/$module/target"
        cp -r "$module/target/classes" "$module/target/test-classes" "$module/target/beast.classpath" "$folder/$module"
        ln -s "$PWD/$module/src" "$folder/$module/src"
    done
    mvn -q -B --no-transfer-progress -N "$plugin:copy" -DoutputDirectory="$folder" -Dmdep.stripVersion=true \
        -Dartifact="org.junit.platform:junit-platform-console-standalone:$junit"
    mv "$folder/junit-platform-console-standalone.jar" "$folder/console.jar"
fi
[[ -f $runs ]] || printf 'run\tseed\tkernels\ttests\tfailures\tseconds\n' >"$runs"

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# Runs of one JVM, five at most; the next five have another and, in turn, other kernels.
while begun=$(($(wc -l <"$runs") - 1)) && ((begun < wanted)); do
    kernels=scalar options=()
    ((begun / 5 % 2)) && { kernels=auto; options=(--add-modules=jdk.incubator.vector); }
    seeds=()
    for ((i = begun; i < wanted && i < begun + 5; i++)); do
        seeds+=($((RANDOM << 45 | RANDOM << 30 | RANDOM << 15 | RANDOM)))
    done
    for module in "${modules[@]}"; do
        output=$scratch/$module.txt
        path=$folder/$module/test-classes:$folder/$module/classes:$folder/core/classes:$(<"$folder/$module/beast.classpath")
        rm -f "$scratch/jqwik-database"
        status=0
        (cd "$folder/$module" && exec "$java" "${options[@]}" -Xmx1g -Djqwik.database="$scratch/jqwik-database" \
            -cp "$folder/console.jar:$path" "$OLDPWD/docs/reliability/Beast.java" "$folder/$module/test-classes" "${seeds[@]}") \
            >"$output" 2>&1 || status=$?
        # A JVM that ended otherwise, or ran nothing, is a failure of each run that it did not make.
        for seed in "${seeds[@]}"; do
            grep -E "^beast $seed [1-9]" "$output" || echo "beast $seed 0 1 0"
        done >"$scratch/$module.runs"
        if ((status != 0)) || ! awk '$4 > 0 { exit 1 }' "$scratch/$module.runs"; then
            cp "$output" "$folder/run-$((begun + 1))-$module.txt"
        fi
    done
    (cd "$scratch" && paste -d ' ' "${modules[@]/%/.runs}") | awk -v n="$begun" -v kernels="$kernels" -v OFS='\t' '
        { print ++n, $2, kernels, $3 + $8 + $13, $4 + $9 + $14, ($5 + $10 + $15) / 1000 }' | tee -a "$runs"
done

awk -F '\t' 'NR > 1 { tests += $4; failures += $5; if ($5) bad++ }
    END { printf "%d runs, %d tests, %d failures in %d runs\n", NR - 1, tests, failures, bad; exit bad > 0 }' "$runs"
