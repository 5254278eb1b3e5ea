package io.github.masktape.data;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The decisions about a table, by which its values are read.
 *
 * @param hasHeader true if the first row holds the names of the columns
 * @param count the number of columns
 * @param label the place of the labels or targets, from 0, or −1 if there is none
 * @param names the names of the columns, or null without a header
 * @param columns the meaning of the columns, except the label's
 * @param task the task that the label column defines
 * @param places the place of each feature, from 0
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares plans
record TablePlan(
        boolean hasHeader,
        int count,
        int label,
        @Nullable List<String> names,
        List<Column> columns,
        Csv.Task task,
        int[] places) {
    /** The columns that hold features, one for each feature. */
    List<Column> features() {
        return columns.stream().filter(column -> !column.isIgnored()).toList();
    }

    /** The name of the label column, or its number in words. */
    String labelTitle() {
        return new Column(names == null ? null : names.get(label), label + 1, new Column.Numbers()).title();
    }
}
