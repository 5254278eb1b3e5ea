// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.cli.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.masktape.cli.options.SettingsText;
import io.github.masktape.cli.settings.DataSettings;
import io.github.masktape.cli.settings.DataSource;
import io.github.masktape.cli.settings.RunSettings;
import io.github.masktape.cli.terminal.Failure;
import io.github.masktape.data.Dataset;
import io.github.masktape.data.GeneratedPoints;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Tag("once")
class CellTest {
    private static final RunSettings SETTINGS = SettingsText.parse(
            "--data=moons\n--hidden=4,3\n--epochs=2\n--learning-rate=0.03\n--seed=5\n--split-seed=9");

    private static CellTraining training(Dataset all) {
        return new CellTraining(DataSettings.of(new DataSource("moons")), all);
    }

    @Test
    void aCellIsItsText() {
        CellTraining training = training(GeneratedPoints.moons(40, 0.1, 1));
        TrainingCell cell = training.cell(SETTINGS, 1, 4, 2);
        TrainingCell same = new TrainingCell(cell.text());
        assertThat(same.hash()).isEqualTo(cell.hash()).matches("[0-9a-f]{64}");
        assertThat(same.fold()).isEqualTo(1);
        assertThat(same.folds()).isEqualTo(4);
        assertThat(same.restarts()).isEqualTo(2);
        assertThat(same.settings().net()).isEqualTo(SETTINGS.net());
        assertThat(same.settings().training()).isEqualTo(SETTINGS.training());
        assertThat(training.result(same)).isEqualTo(training.result(cell));
        assertThat(training.cell(SETTINGS, 2, 4, 2).hash()).isNotEqualTo(cell.hash());
        assertThatThrownBy(() -> training(GeneratedPoints.moons(40, 0.1, 2)).result(cell))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("expected data with the checksum " + cell.data());
        assertThatThrownBy(() -> new TrainingCell("nonsense").fold()).isInstanceOf(Failure.class);
    }

    @Test
    void aResultReadsBackExactly() {
        CellResult result = training(GeneratedPoints.moons(40, 0.1, 1))
                .result(training(GeneratedPoints.moons(40, 0.1, 1)).cell(SETTINGS, 0, 4, 0));
        assertThat(result.epochs()).isEqualTo(2);
        assertThat(result.examples()).isEqualTo(10);
        assertThat(result.measures())
                .containsKeys(Measure.ERROR, Measure.LOG_LOSS)
                .doesNotContainKey(Measure.RMSE);
        assertThat(CellResult.parse(result.text())).isEqualTo(result);
        CellResult failed = CellResult.failed(3, "diverged\nin epoch 1");
        assertThat(CellResult.parse(failed.text())).isEqualTo(failed);
    }

    @Test
    void aTrainingThatDivergesIsAResult() {
        RunSettings wild = SettingsText.parse("--data=moons\n--hidden=8\n--epochs=3\n--learning-rate=1e9");
        CellTraining training = training(GeneratedPoints.moons(40, 0.1, 1));
        assertThat(training.result(training.cell(wild, 0, 2, 0)).failure()).contains("epoch");
        assertThat(training.result(training.cell(wild, 0, 2, 0)).measures()).isEmpty();
    }

    @Test
    void eachRepeatHasOtherFoldsAndAnotherSeed() {
        CrossValidation plan = new CrossValidation(2, 2);
        List<TrainingCell> cells = plan.cells(training(GeneratedPoints.moons(40, 0.1, 1)), SETTINGS, 0);
        assertThat(cells).hasSize(4).doesNotHaveDuplicates();
        assertThat(cells.get(3).settings().seed()).isEqualTo(6);
        assertThat(cells.get(3).settings().data().splitSeed()).isEqualTo(10);
        assertThat(cells.get(3).fold()).isEqualTo(1);
    }

    @Test
    void repeatsDoNotCountAsMoreExamples() {
        CrossValidation.MeanEstimate once = new CrossValidation(4, 1).estimate(1, 2, 3, 6);
        assertThat(once.mean()).isEqualTo(3);
        assertThat(once.deviation()).isEqualTo(Math.sqrt(14.0 / 3));
        assertThat(once.standardError()).isEqualTo(Math.sqrt(14.0 / 3) / 2);
        CrossValidation.MeanEstimate twice = new CrossValidation(4, 2).estimate(1, 2, 3, 6, 1, 2, 3, 6);
        assertThat(twice.standardError()).isEqualTo(twice.deviation() / 2);
        assertThat(new CrossValidation(4, 1).estimate(5).standardError()).isNaN();
    }

    @Test
    void aStoreRefusesAFileThatIsNotItsCell(@TempDir Path folder) throws Exception {
        TrainingCell cell = training(GeneratedPoints.moons(40, 0.1, 1)).cell(SETTINGS, 1, 4, 2);
        CellResult result = new CellResult(10, 2, "ab", Map.of(Measure.ERROR, 0.1), null);
        new CellStore(folder.toFile()).put(cell, result);
        assertThat(new CellStore(folder.toFile()).get(cell)).isEqualTo(result);
        Path file = folder.resolve("cells").resolve(cell.hash() + ".txt");
        Files.writeString(file, "something else");
        assertThatThrownBy(() -> new CellStore(folder.toFile()).get(cell))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("delete the file to compute it again");
    }

    @Test
    @Timeout(20)
    void anExecutorThatIsStoppedLeavesTheRest() {
        LocalExecutor executor = new LocalExecutor(1);
        CountDownLatch never = new CountDownLatch(1);
        List<String> finished = new ArrayList<>();
        boolean all = executor.run(
                List.of("a", "b", "c"),
                cell -> {
                    if (cell.equals("b")) {
                        executor.stop();
                        try {
                            never.await();
                        } catch (InterruptedException e) {
                            return "interrupted";
                        }
                    }
                    return cell + cell;
                },
                (cell, result) -> finished.add(result));
        assertThat(all).isFalse();
        assertThat(finished).containsExactly("aa");
    }

    @Test
    void aFailureOfACellIsTheFailureOfTheRun() {
        assertThatThrownBy(() -> new LocalExecutor(2)
                        .run(
                                List.of("a"),
                                cell -> {
                                    throw new Failure("no such cell");
                                },
                                (cell, result) -> {}))
                .isInstanceOf(Failure.class)
                .hasMessage("no such cell");
    }
}
