#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Trains on each table of a folder and prints a line for each: the name, the result or the error, and the seconds.
#
#   bench/cli/tables.sh FOLDER [OPTIONS OF train]
#
# bench/cli/tables.txt names the label, the task and the test file of known tables. Any other file is trained with the
# defaults; files that tables.txt names as test files are not trained on. The exit code is 1 if a table does not train.
set -u
here=$(dirname "$0")
folder=${1:?"usage: $0 FOLDER [OPTIONS OF train]"}
shift
list=$here/tables.txt
jar=$here/target/masktape.jar
failed=0
for file in "$folder"/*; do
    name=$(basename "$file")
    case $name in
        README* | LICENSE* | *_test.csv) continue ;;
    esac
    awk -v name="$name" '$1 !~ /^#/ && $4 == name { found = 1 } END { exit !found }' "$list" && continue
    entry=$(awk -v name="$name" '$1 == name { print $2, $3, $4 }' "$list")
    label=$(echo "$entry" | cut -d ' ' -f 1)
    task=$(echo "$entry" | cut -d ' ' -f 2)
    test=$(echo "$entry" | cut -d ' ' -f 3)
    begun=$(date +%s)
    output=$(java -jar "$jar" train --data "$file" \
        ${label:+$([ "$label" = - ] || echo "--label-column=$label")} \
        ${task:+$([ "$task" = - ] || echo "--task=$task")} \
        ${test:+$([ "$test" = - ] || echo "--test-data=$folder/$test")} \
        "$@" 2>&1)
    code=$?
    [ $code = 0 ] || failed=1
    printf '%-32s %s  %s s\n' "$name" "$(echo "$output" | tail -n 1)" $(($(date +%s) - begun))
done
exit $failed
