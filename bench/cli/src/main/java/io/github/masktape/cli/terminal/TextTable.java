// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.cli.terminal;

import java.io.PrintWriter;
import java.util.List;

/** A table as text, with the first column left-aligned and the rest right-aligned. */
public final class TextTable {
    private TextTable() {}

    /** Prints rows with the same number of cells each; the first row holds the heads. */
    public static void print(List<List<String>> rows, PrintWriter out) {
        int[] widths = new int[rows.get(0).size()];
        for (List<String> row : rows) {
            for (int j = 0; j < widths.length; j++) {
                widths[j] = Math.max(widths[j], row.get(j).length());
            }
        }
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int j = 0; j < widths.length; j++) {
                String blanks = " ".repeat(widths[j] - row.get(j).length());
                line.append("  ").append(j == 0 ? row.get(j) + blanks : blanks + row.get(j));
            }
            out.println(line.toString().stripTrailing());
        }
    }
}
