// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.cli.terminal;

import io.github.masktape.tensor.Tensor;
import io.github.masktape.text.NumberForm;
import java.util.ArrayList;
import java.util.List;

/** A titled matrix as text. Several are arranged side by side within 80 columns; large ones are truncated. */
public record TextMatrix(List<String> lines) {
    public static final int COLUMNS = 80;

    private static final String INDENT = "  ";
    private static final String GAP = "   ";
    private static final int MOST_ROWS = 8;

    /** A matrix, or a vector as one row. An exact zero is a bare 0; {@code …} stands for rows and columns left out. */
    public static TextMatrix of(String title, Tensor tensor) {
        boolean vector = tensor.shape().rank() == 1;
        int rows = vector ? 1 : tensor.shape().dim(0);
        int columns = tensor.shape().dim(vector ? 0 : 1);
        double[] values = tensor.toDoubleArray();
        int shownRows = Math.min(rows, MOST_ROWS);
        int fit = Math.min(columns, COLUMNS / 3);
        String[][] texts = texts(values, shownRows, columns, fit);
        while (fit > 1 && width(texts) * fit + 2 * (fit - 1) + (fit < columns ? 3 : 0) > COLUMNS - 6) {
            texts = texts(values, shownRows, columns, --fit);
        }
        List<String> lines = new ArrayList<>(List.of(title));
        for (String[] row : texts) {
            StringBuilder line = new StringBuilder("│ ");
            for (int j = 0; j < fit; j++) {
                line.append(j == 0 ? "" : "  ").append(padded(row[j], width(texts)));
            }
            lines.add(line.append(fit < columns ? "  … │" : " │").toString());
        }
        if (shownRows < rows) {
            lines.add("│ … " + (rows - shownRows) + (rows - shownRows == 1 ? " more row" : " more rows"));
        }
        return new TextMatrix(lines);
    }

    /** Arranges blocks side by side, in as few rows as possible, all but the last with the same number of blocks. */
    public static String sideBySide(List<TextMatrix> blocks) {
        int perRow = blocks.size();
        for (int rows = 2; perRow > 1 && !fit(blocks, perRow); rows++) {
            perRow = (blocks.size() - 1) / rows + 1;
        }
        StringBuilder text = new StringBuilder();
        for (int from = 0; from < blocks.size(); from += perRow) {
            text.append(from == 0 ? "" : "\n");
            append(text, blocks.subList(from, Math.min(blocks.size(), from + perRow)));
        }
        return text.toString();
    }

    private static boolean fit(List<TextMatrix> blocks, int perRow) {
        for (int from = 0; from < blocks.size(); from += perRow) {
            int width = INDENT.length() - GAP.length();
            for (TextMatrix block : blocks.subList(from, Math.min(blocks.size(), from + perRow))) {
                width += GAP.length() + block.width();
            }
            if (width > COLUMNS) {
                return false;
            }
        }
        return true;
    }

    private static void append(StringBuilder text, List<TextMatrix> row) {
        int height = row.stream().mapToInt(block -> block.lines.size()).max().orElse(0);
        for (int i = 0; i < height; i++) {
            StringBuilder line = new StringBuilder();
            for (TextMatrix block : row) {
                String part = i < block.lines.size() ? block.lines.get(i) : "";
                line.append(line.length() == 0 ? INDENT : GAP)
                        .append(part)
                        .append(" ".repeat(block.width() - part.length()));
            }
            text.append(line.toString().stripTrailing()).append('\n');
        }
    }

    private int width() {
        return lines.stream().mapToInt(String::length).max().orElse(0);
    }

    private static String[][] texts(double[] values, int rows, int columns, int fit) {
        double[] shown = new double[rows * fit];
        for (int i = 0; i < rows; i++) {
            System.arraycopy(values, i * columns, shown, i * fit, fit);
        }
        NumberForm form = NumberForm.of(shown);
        String[][] texts = new String[rows][fit];
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < fit; j++) {
                texts[i][j] = form.aligned(shown[i * fit + j]);
            }
        }
        return texts;
    }

    private static int width(String[][] texts) {
        int width = 0;
        for (String[] row : texts) {
            for (String text : row) {
                width = Math.max(width, text.length());
            }
        }
        return width;
    }

    private static String padded(String text, int width) {
        return " ".repeat(width - text.length()) + text;
    }
}
