#!/usr/bin/env bash
# Runs the tests of core, layers and optim again and again, compiled once, to find those that fail now and then.
#
#   bench/beast.sh N [FOLDER]        until FOLDER/runs.tsv, in bench/target/beast by default, has N runs
#
# Each run draws a seed for the order of test classes and methods; jqwik draws a seed for each property, which it prints
# if that fails. Every second run has the Vector API. A run adds a line to runs.tsv: run, seed, kernels, tests,
# failures, seconds. Of a run with failures the output is kept beside it, run-<run>-<module>.txt.
# It may be stopped at any time and goes on where it was; what it compiled is taken as it is while it lies in FOLDER.
# JAVA chooses another Java. The exit code is 1 if any run in the folder had failures.
set -euo pipefail
cd "$(dirname "$0")/.."

wanted=${1:?how many runs?}
folder=${2:-bench/target/beast}
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

# count WHAT FILE: of the summary that JUnit's console prints last, such as "[  3 tests failed  ]".
count() {
    sed -n "s/^\[ *\([0-9]*\) $1 *\]$/\1/p" "$2" | tail -n 1
}

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

while run=$(wc -l <"$runs") && ((run <= wanted)); do
    seed=$((RANDOM << 45 | RANDOM << 30 | RANDOM << 15 | RANDOM))
    kernels=scalar options=()
    ((run % 2)) || { kernels=auto; options=(--add-modules=jdk.incubator.vector); }
    tests=0 failures=0 start=$EPOCHREALTIME
    for module in "${modules[@]}"; do
        output=$scratch/$module.txt
        path=$folder/$module/test-classes:$folder/$module/classes:$folder/core/classes:$(<"$folder/$module/beast.classpath")
        rm -f "$scratch/jqwik-database"
        status=0
        (cd "$folder/$module" && exec "$java" "${options[@]}" -Xmx1g -cp "$folder/console.jar:$path" \
            -Djunit.jupiter.execution.order.random.seed="$seed" \
            '-Djunit.jupiter.testclass.order.default=org.junit.jupiter.api.ClassOrderer$Random' \
            '-Djunit.jupiter.testmethod.order.default=org.junit.jupiter.api.MethodOrderer$Random' \
            -Djqwik.database="$scratch/jqwik-database" \
            org.junit.platform.console.ConsoleLauncher execute --disable-banner --disable-ansi-colors \
            --details=summary --scan-classpath="$folder/$module/test-classes" \
            --include-classname='.*(Test|Properties)') >"$output" 2>&1 || status=$?
        found=$(count "tests started" "$output")
        failed=$(($(count "tests failed" "$output") + $(count "containers failed" "$output")))
        # A JVM that ended otherwise, or ran nothing, is a failure too.
        ((status == 0 && ${found:-0} > 0 || failed > 0)) || failed=1
        tests=$((tests + ${found:-0})) failures=$((failures + failed))
        ((failed == 0)) || cp "$output" "$folder/run-$run-$module.txt"
    done
    seconds=$(awk "BEGIN { printf \"%.1f\", $EPOCHREALTIME - $start }")
    printf '%s\t%s\t%s\t%s\t%s\t%s\n' "$run" "$seed" "$kernels" "$tests" "$failures" "$seconds" | tee -a "$runs"
done

awk -F '\t' 'NR > 1 { tests += $4; failures += $5; if ($5) bad++ }
    END { printf "%d runs, %d tests, %d failures in %d runs\n", NR - 1, tests, failures, bad; exit bad > 0 }' "$runs"
