// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Random;
import javax.imageio.ImageIO;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.IntRange;

/** The JDK's reader sees the pixels that were written. */
@Tag("once")
class PngProperties {
    @Property
    void grayLevelsAreReadBack(
            @ForAll @IntRange(min = 1, max = 300) int rows,
            @ForAll @IntRange(min = 1, max = 300) int columns,
            @ForAll long seed)
            throws IOException {
        byte[] levels = new byte[rows * columns];
        new Random(seed).nextBytes(levels);
        BufferedImage image = read(Png.gray(rows, columns, levels));
        assertThat(image.getHeight()).isEqualTo(rows);
        assertThat(image.getWidth()).isEqualTo(columns);
        for (int q = 0; q < levels.length; q++) {
            assertThat((byte) image.getRaster().getSample(q % columns, q / columns, 0))
                    .isEqualTo(levels[q]);
        }
    }

    @Property
    void colorsAreReadBack(
            @ForAll @IntRange(min = 1, max = 40) int rows,
            @ForAll @IntRange(min = 1, max = 40) int columns,
            @ForAll long seed)
            throws IOException {
        byte[] levels = new byte[3 * rows * columns];
        new Random(seed).nextBytes(levels);
        BufferedImage image = read(Png.rgb(rows, columns, levels));
        for (int q = 0; q < rows * columns; q++) {
            int expected = ((levels[3 * q] & 255) << 16) | ((levels[3 * q + 1] & 255) << 8) | (levels[3 * q + 2] & 255);
            assertThat(image.getRGB(q % columns, q / columns) & 0xFFFFFF).isEqualTo(expected);
        }
    }

    private static BufferedImage read(byte[] png) throws IOException {
        ImageIO.setUseCache(false);
        return ImageIO.read(new ByteArrayInputStream(png));
    }
}
