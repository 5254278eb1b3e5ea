package io.github.masktape.io;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.masktape.tensor.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class NpzProperties {
    private static final File FILE = new File("target/NpzProperties.npz");

    @Provide
    Arbitrary<Map<String, Tensor>> tensors() {
        return Cases.tensorMaps(Cases.texts().filter(name -> !name.isEmpty()));
    }

    @Property
    void whatIsWrittenIsReadBitForBitInTheSameOrder(@ForAll("tensors") Map<String, Tensor> tensors) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Npz.write(tensors, bytes);
        Cases.write(FILE, bytes.toByteArray());
        assertThat(new ArrayList<>(Npz.read(FILE).entrySet())).isEqualTo(new ArrayList<>(tensors.entrySet()));
    }

    @Test
    void aDamagedFileIsReadOrRefusedAndNothingElse() throws IOException {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        tensors.put("0.weight", Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 3, 2));
        tensors.put("b", Tensor.of(new double[] {1}));
        ByteArrayOutputStream stored = new ByteArrayOutputStream();
        Npz.write(tensors, stored);
        Cases.forEachDamage(stored.toByteArray(), NpzProperties::readOrRefuse);
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(packed)) {
            zip.putNextEntry(new ZipEntry("x.npy"));
            NpyHeader.write(tensors.get("0.weight"), zip);
        }
        Cases.forEachDamage(packed.toByteArray(), NpzProperties::readOrRefuse);
    }

    @Test
    void aDamagedArrayIsReadOrRefusedAndNothingElse() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        NpyHeader.write(Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 3, 2), bytes);
        Cases.forEachDamage(bytes.toByteArray(), content -> {
            Cases.write(FILE, content);
            try {
                assertThat(Npz.readArray(FILE).shape().size()).isIn(3, 6);
            } catch (DataFormatException e) {
                assertThat(e).hasMessageStartingWith(FILE + ": ").hasMessageNotContaining("\n");
            } catch (IOException e) {
                throw new AssertionError("not a DataFormatException", e);
            }
        });
    }

    private static void readOrRefuse(byte[] content) {
        Cases.write(FILE, content);
        try {
            assertThat(Npz.read(FILE)).hasSizeBetween(0, 2);
        } catch (DataFormatException e) {
            assertThat(e).hasMessageStartingWith(FILE.toString()).hasMessageNotContaining("\n");
        } catch (IOException e) {
            throw new AssertionError("not a DataFormatException", e);
        }
    }
}
