#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Runs the commands behind the promises of docs/reliability.md and records each result in docs/reliability/results.json, from
# which the page's tables are made (mvn -q -pl docs -am test-compile exec:java
# -Dexec.mainClass=io.github.masktape.docs.ReliabilityPage). Build first: mvn -DskipTests package
#
#   docs/reliability/measure.sh              the names, what they promise, and about how long each takes on one core
#   docs/reliability/measure.sh NAME...      runs these; exit code 1 if a promise is not kept
#   docs/reliability/measure.sh all          runs all of them, a day's work
#
# JAVA_HOME chooses the JDK. What the commands print goes to docs/target/reliability/NAME.log.
set -euo pipefail
cd "$(dirname "$0")/../.."
export PATH=${JAVA_HOME:+$JAVA_HOME/bin:}$PATH
failed=0
asked=("$@")

# json TEXT...: the arguments as strings of JSON.
json() {
    printf '%s\n' "$@" | sed 's/[\\"]/\\&/g; s/.*/"&"/'
}

# record NAME FIGURE UNIT OUTPUT COMMAND SECONDS: adds a line to the results, or replaces the one of that name.
record() {
    local results=docs/reliability/results.json fields=() line
    mapfile -t fields < <(json "$1" "$3" "$4" "$5" \
        "$(LC_ALL=C lscpu | sed -n 's/^ *Model name: *//p' | head -n 1), $(nproc) processors" \
        "$(java -XshowSettings:properties -version 2>&1 | sed -n 's/^ *java.version = //p')" \
        "$(git rev-parse --short=8 HEAD)$(git diff --quiet HEAD -- . ':!docs/reliability*' || echo ' with changes')" \
        "$(date -u +%F)")
    line=$(printf '{"promise": %s, "figure": %s, "unit": %s, "output": %s, "command": %s, "machine": %s, ' \
        "${fields[0]}" "$2" "${fields[@]:1:4}")
    line+=$(printf '"jdk": %s, "commit": %s, "date": %s, "seconds": %s, "exit": 0}' "${fields[@]:5}" "$6")
    {
        echo '['
        { grep '^{' "$results" | grep -vF "{\"promise\": \"$1\"," | sed 's/,$//' || true; echo "$line"; } | LC_ALL=C sort | sed '$!s/$/,/'
        echo ']'
    } >"$results.new"
    mv "$results.new" "$results"
    echo "$line"
}

# promise NAME TIME PROMISE COMMAND OUTPUT UNIT: the command keeps the promise if it exits with 0 and prints a line that matches
# OUTPUT, an extended regular expression. The last such line is recorded; its first group is the figure, and UNIT says of what.
promise() {
    local name=$1 time=$2 promise=$3 command=$4 pattern=$5 unit=$6
    if ((${#asked[@]} == 0)); then
        printf '%-17s %-7s %s\n' "$name" "$time" "$promise"
        return
    fi
    [[ " ${asked[*]} " == *" $name "* || " ${asked[*]} " == *" all "* ]] || return 0
    local log=docs/target/reliability/$name.log status=0 start=$SECONDS output
    printf '\n== %s: %s\n%s\n' "$name" "$promise" "$command"
    mkdir -p docs/target/reliability
    bash -o pipefail -c "$command" 2>&1 </dev/null | tee "$log" | tail -n 30 || status=$?
    output=$(grep -E "$pattern" "$log" | tail -n 1 | sed 's/\x1b\[[0-9;]*m//g; s/^ *//; s/ *$//; s/^\[INFO\] //') || true
    if ((status != 0)) || ! [[ $output =~ $pattern ]]; then
        echo "NOT KEPT: $name (exit code $status; see $log)"
        failed=1
        return
    fi
    record "$name" "${BASH_REMATCH[1]//[,+]/}" "$unit" "$output" "$command" $((SECONDS - start))
}

libs='core/target/classes:layers/target/classes:bench/conformance/target/classes'

# ---- DropConnect is right ----

promise kit '80 min' 'Our DropConnect, with Gaussian inference, keeps every law of the conformance kit that applies, in each of its 16 forms, 100,000 tries a law' \
    "java --add-modules jdk.incubator.vector -cp $libs io.github.masktape.conformance.command.ConformanceMain --tries 100000" \
    '^16 implementations, [0-9]+ laws, 100000 tries a law: (16) keep' 'forms keep every law'
promise zoo '10 s' 'Each of the 15 wrong implementations of the zoo is caught' \
    "! java -cp $libs io.github.masktape.conformance.command.ConformanceMain zoo" \
    '^15 implementations.* (15) break one' 'wrong implementations are caught'

# ---- gradients are right ----

promise gradcheck '6 min' 'Every op agrees with central differences in 100,000 random cases, and so do 100,000 random networks' \
    'mvn -B -Pgradcheck -pl core,layers test' \
    '^[0-9]+ ops, each in at least 100,000 cases, ([0-9,]+) derivatives' 'derivatives agree'
promise goldens '1 min' 'Every op, layer, loss and optimizer, and 200 random networks, give what PyTorch gave, in both dtypes' \
    'mvn -B -pl optim -am test -Dtest=GoldensTest -Dsurefire.failIfNoSpecifiedTests=false -DfailIfNoTests=false' \
    'Tests run: ([0-9]{4}), Failures: 0, Errors: 0, Skipped: 0.*GoldensTest' 'tests pass'
promise graphs '2 min' '2,000 fresh random graphs of our ops agree with PyTorch: values and gradients to 1e-10, gradients of gradients to 1e-9' \
    'java -jar bench/peers/target/peers.jar --only graphs --graphs 2000' \
    '^2000 random graphs.* The same at second order: ([0-9.e-]+); at most' 'is the largest difference at second order'

# ---- the tests would notice ----

mutation='mvn -B -Pmutation -pl core,layers,optim test-compile pitest:mutationCoverage'
promise mutation-optim '10 min' 'At least 85 % of mutants are found by the tests: optimizers, training and checkpoints' \
    "$mutation -DtargetClasses='io.github.masktape.optim.*'" \
    '^>> Generated [0-9]+ mutations Killed [0-9]+ [(]([0-9]+)%[)]' '% of mutants killed'
promise mutation-data '40 min' 'At least 85 % of mutants are found by the tests: datasets and their readers' \
    "$mutation -DtargetClasses='io.github.masktape.data.*'" \
    '^>> Generated [0-9]+ mutations Killed [0-9]+ [(]([0-9]+)%[)]' '% of mutants killed'
promise mutation-layers '5 min' 'At least 85 % of mutants are found by the tests: layers, inference and files of networks' \
    "$mutation -DtargetClasses='io.github.masktape.layers.*'" \
    '^>> Generated [0-9]+ mutations Killed [0-9]+ [(]([0-9]+)%[)]' '% of mutants killed'
promise mutation-autograd '20 min' 'At least 85 % of mutants are found by the tests: tape, ops, gradient check and pictures of the tape' \
    "$mutation -DtargetClasses='io.github.masktape.autograd.*,io.github.masktape.picture.*'" \
    '^>> Generated [0-9]+ mutations Killed [0-9]+ [(]([0-9]+)%[)]' '% of mutants killed'
promise mutation-tensor '30 min' 'At least 85 % of mutants are found by the tests: tensors, masks and random numbers' \
    "$mutation -DtargetClasses='io.github.masktape.tensor.*,io.github.masktape.text.*'" \
    '^>> Generated [0-9]+ mutations Killed [0-9]+ [(]([0-9]+)%[)]' '% of mutants killed'
promise mutation-io '20 min' 'At least 85 % of mutants are found by the tests: the formats of tensors' \
    "$mutation -DtargetClasses='io.github.masktape.io.*,io.github.masktape.file.*'" \
    '^>> Generated [0-9]+ mutations Killed [0-9]+ [(]([0-9]+)%[)]' '% of mutants killed'
promise mutation-internal '40 min' 'At least 85 % of mutants are found by the tests: plain kernels, elementary functions and threads' \
    "$mutation -DtargetClasses='io.github.masktape.internal.*,io.github.masktape.math.*'" \
    '^>> Generated [0-9]+ mutations Killed [0-9]+ [(]([0-9]+)%[)]' '% of mutants killed'
promise mutation-vector '8 min' 'At least 85 % of mutants are found by the tests: vector kernels, on a processor that has 512 bits' \
    "mvn -B -Pmutation -pl core test-compile pitest:mutationCoverage -DtargetClasses='io.github.masktape.internal.Vector*' -DtargetTests='io.github.masktape.internal.*KernelsTest' -Dmutation.not=none '-Dmutation.jvm=--add-modules=jdk.incubator.vector -Dmasktape.kernels=vector'" \
    '^>> Generated [0-9]+ mutations Killed [0-9]+ [(]([0-9]+)%[)]' '% of mutants killed'

# ---- the same seed, the same bits ----

promise matrix '5 min' 'Trained weights are the same on JDK 17 and 25, with plain kernels compiled by C1 and C2, with vector kernels of 128 bits and of all widths that the processor has, on 1, 2, 3 and 7 threads, and in a browser' \
    "mvn -q -B -pl docs/explorer -am test -Dtest=ExplorerBitsTest -Dsurefire.failIfNoSpecifiedTests=false -DfailIfNoTests=false && java -cp bench/jmh/target/benchmarks.jar io.github.masktape.jmh.Matrix | awk '{ print } /^17.* vector/ { a = 1 } /^25.* vector/ { b = 1 } /^chrom/ { c = 1 } END { exit !(a && b && c) }'" \
    '^([0-9]+) runs, one sha256' 'runs end with one hash'
promise architectures '15 min' 'The same on aarch64, and on s390x, which is big-endian, both emulated: plain kernels, and on aarch64 vector kernels of 128 bits if they run there' \
    'docs/reliability/architectures.sh' \
    '^([0-9]+) runs on .* and others, one sha256' 'runs end with one hash'
promise jars '3 min' 'The same sources give the same bytes: two builds in two folders and time zones' \
    '.ci/same-jars' \
    '([0-9]+) files are the same' 'files are the same'
promise browser '1 min' 'In a browser, lessons, differences and trainings give the bits of the JVM' \
    'mvn -B -pl docs/explorer -am test -Dtest=ExplorerBitsTest -Dsurefire.failIfNoSpecifiedTests=false -DfailIfNoTests=false' \
    'Tests run: ([1-9][0-9]+), Failures: 0, Errors: 0, Skipped: 0.*ExplorerBitsTest' 'tests pass'

# ---- long runs ----

promise soak '2 min' 'A million training steps leave nothing in memory: the heap grows by less than 5 %' \
    'java -Xmx64m -XX:+UseSerialGC -cp bench/jmh/target/benchmarks.jar io.github.masktape.jmh.Soak' \
    '^1,000,000 steps.*[(]([-+]?[0-9.]+) %[)]' '% growth of the heap'
promise stress '10 min' 'Loops in parallel, buffers used again, and tapes in several threads give what one thread gives: 300 s each, with plain and with vector kernels' \
    'mvn -B -pl core test -Dtest=StressTest -Dmasktape.stress.seconds=300' \
    'Tests run: ([1-9][0-9]*), Failures: 0, Errors: 0, Skipped: 0.*StressTest' 'tests pass'
promise beast '50 min' 'The tests of core, layers and optim pass 50 times in random order, with fresh seeds' \
    'docs/reliability/beast.sh 50 && awk -F"\t" "NR > 1 { n++; t += \$4; f += \$5 } END { print n \" runs, \" t \" tests, \" f \" failures\" }" docs/target/beast/runs.tsv' \
    '^50 runs, ([0-9]+) tests, 0 failures' 'tests pass'

# ---- nothing is lost ----

promise kill '20 min' 'Killed at 200 random moments, a run resumes each time, loses no finished epoch, and ends with the same weights' \
    'bench/cli/kill-and-resume.sh 200' \
    '^(200) kills' 'kills, nothing lost'

# ---- a file may have any bytes ----

promise fuzz-idx '10 min' 'Ten million inputs: the reader of IDX files keeps its word' \
    'mvn -B -Pfuzz -pl optim -am process-test-classes -Dfuzz.parser=IDX -Dfuzz.runs=10000000 -Dfuzz.folder=/dev/shm' \
    '^Done (10000000) runs' 'inputs, no failure'
promise fuzz-gzip '10 min' 'Ten million: the same of packed IDX files' \
    'mvn -B -Pfuzz -pl optim -am process-test-classes -Dfuzz.parser=GZIP -Dfuzz.runs=10000000 -Dfuzz.folder=/dev/shm' \
    '^Done (10000000) runs' 'inputs, no failure'
promise fuzz-csv '20 min' 'Ten million: the same of tables with labels' \
    'mvn -B -Pfuzz -pl optim -am process-test-classes -Dfuzz.parser=CSV -Dfuzz.runs=10000000 -Dfuzz.folder=/dev/shm' \
    '^Done (10000000) runs' 'inputs, no failure'
promise fuzz-csv-targets '20 min' 'Ten million: the same parser, of tables with targets' \
    'mvn -B -Pfuzz -pl optim -am process-test-classes -Dfuzz.parser=CSV_TARGETS -Dfuzz.runs=10000000 -Dfuzz.folder=/dev/shm' \
    '^Done (10000000) runs' 'inputs, no failure'
promise fuzz-csv-features '20 min' 'Ten million: the same parser, of tables without labels' \
    'mvn -B -Pfuzz -pl optim -am process-test-classes -Dfuzz.parser=CSV_FEATURES -Dfuzz.runs=10000000 -Dfuzz.folder=/dev/shm' \
    '^Done (10000000) runs' 'inputs, no failure'
promise fuzz-safetensors '10 min' 'Ten million: the same of files of tensors' \
    'mvn -B -Pfuzz -pl optim -am process-test-classes -Dfuzz.parser=SAFETENSORS -Dfuzz.runs=10000000 -Dfuzz.folder=/dev/shm' \
    '^Done (10000000) runs' 'inputs, no failure'
promise fuzz-model '15 min' 'Ten million: networks, which are files of tensors' \
    'mvn -B -Pfuzz -pl optim -am process-test-classes -Dfuzz.parser=MODEL -Dfuzz.runs=10000000 -Dfuzz.folder=/dev/shm' \
    '^Done (10000000) runs' 'inputs, no failure'
promise fuzz-npy '10 min' 'Ten million: the same of arrays of NumPy' \
    'mvn -B -Pfuzz -pl optim -am process-test-classes -Dfuzz.parser=NPY -Dfuzz.runs=10000000 -Dfuzz.folder=/dev/shm' \
    '^Done (10000000) runs' 'inputs, no failure'
promise fuzz-npz '10 min' 'Ten million: the same of archives of them' \
    'mvn -B -Pfuzz -pl optim -am process-test-classes -Dfuzz.parser=NPZ -Dfuzz.runs=10000000 -Dfuzz.folder=/dev/shm' \
    '^Done (10000000) runs' 'inputs, no failure'
promise fuzz-checkpoint '10 min' 'Ten million: the same of checkpoints' \
    'mvn -B -Pfuzz -pl optim -am process-test-classes -Dfuzz.parser=CHECKPOINT -Dfuzz.runs=10000000 -Dfuzz.folder=/dev/shm' \
    '^Done (10000000) runs' 'inputs, no failure'

exit $failed
