// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.io;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.masktape.tensor.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Map;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class NpzProperties {
    private static final File FILE = Cases.scratch();

    @Provide
    Arbitrary<Map<String, Tensor>> tensors() {
        return Cases.tensorMaps(Cases.texts().filter(name -> !name.isEmpty()));
    }

    @Property
    void whatIsWrittenIsReadBitForBitInTheSameOrder(@ForAll("tensors") Map<String, Tensor> tensors) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        new Npz(tensors).write(bytes);
        Cases.write(FILE, bytes.toByteArray());
        assertThat(new ArrayList<>(Npz.read(FILE).tensors().entrySet())).isEqualTo(new ArrayList<>(tensors.entrySet()));
    }
}
