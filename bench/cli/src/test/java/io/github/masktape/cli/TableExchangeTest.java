// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.github.masktape.data.Csv;
import io.github.masktape.data.Preprocessing;
import io.github.masktape.io.SafeTensors;
import io.github.masktape.tensor.Tensor;
import java.io.IOException;
import java.nio.DoubleBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** ONNX Runtime predicts from the rows of a raw table what the command predicts. */
class TableExchangeTest {
    @TempDir
    Path folder;

    private static void run(String commandLine) {
        CommandResult outcome = CommandResult.of(commandLine);
        assertThat(outcome.code()).as(outcome.err()).isZero();
    }

    private void compare(String training, String output, int first) throws IOException, OrtException {
        Path table = folder.resolve("table.csv");
        StringBuilder text = new StringBuilder("id,day,color,size,share,a,b,kind\n");
        for (int i = 0; i < 90; i++) {
            text.append('K')
                    .append(i)
                    .append(",2024-0")
                    .append(1 + i % 9)
                    .append("-1")
                    .append(i % 10);
            text.append(i % 7 == 3 ? ",?" : i % 3 == 0 ? ",red" : ",blue");
            text.append(i % 11 == 5 ? "," : "," + (i * 37 % 50) / 4.0)
                    .append(',')
                    .append(i * 17 % 100)
                    .append(".5%");
            text.append(',').append(i * 31 % 70 - 20).append(".25,").append(1_000_000 + i * 13 % 60);
            text.append(i * 37 % 50 < 25 == (i % 3 == 0) ? ",yes\n" : ",no\n");
        }
        Files.writeString(table, text);
        Path model = folder.resolve("run");
        Path exported = folder.resolve("model.onnx");
        run("train --data " + table + " --epochs 4 --hidden 8 " + training + " --out " + model);
        run("export --model " + model + " --out " + exported);
        List<String> lines = CommandResult.of("predict --model " + model + " --data " + table)
                .outLines();

        Preprocessing known = Preprocessing.ofMetadata(
                SafeTensors.read(model.resolve("model.safetensors").toFile()).metadata());
        Tensor features = Csv.of(table.toFile()).readFeatures(known);
        long[] shape = {features.shape().dim(0), features.shape().dim(1)};
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        try (OrtSession session = environment.createSession(exported.toString());
                OnnxTensor input =
                        OnnxTensor.createTensor(environment, DoubleBuffer.wrap(features.toDoubleArray()), shape);
                OrtSession.Result result = session.run(Map.of("features", input))) {
            Object values = result.get(output).orElseThrow().getValue();
            for (int i = 0; i < 90; i++) {
                String[] cells = lines.get(i + 1).split(",");
                for (int j = first; j < cells.length; j++) {
                    double theirs =
                            values instanceof double[][] rows ? rows[i][j - first] : ((float[][]) values)[i][j - first];
                    double ours = Double.parseDouble(cells[j]);
                    assertThat(theirs).as(lines.get(i + 1)).isCloseTo(ours, within(1e-5 * Math.max(1, Math.abs(ours))));
                }
            }
        }
    }

    @Test
    void aClassifierPredictsTheSame() throws Exception {
        compare("--label-column kind", "probabilities", 1);
    }

    @Test
    void aRegressionOnSeveralColumnsPredictsTheSame() throws Exception {
        compare("--label-column a,b", "predictions", 0);
    }
}
