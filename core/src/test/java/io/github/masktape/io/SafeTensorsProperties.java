// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.io;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.github.masktape.tensor.RandomStream;
import io.github.masktape.tensor.Shape;
import io.github.masktape.tensor.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class SafeTensorsProperties {
    private static final File FILE = Cases.scratch();

    @Provide
    Arbitrary<Map<String, Tensor>> tensors() {
        return Cases.tensorMaps(Cases.texts());
    }

    @Provide
    Arbitrary<Map<String, String>> metadata() {
        return Arbitraries.maps(Cases.texts(), Cases.texts()).ofMaxSize(4);
    }

    @Property
    void whatIsWrittenIsReadBitForBitInTheSameOrder(
            @ForAll("tensors") Map<String, Tensor> tensors, @ForAll("metadata") Map<String, String> metadata)
            throws IOException {
        byte[] written = bytes(new SafeTensors(tensors, metadata));
        Cases.write(FILE, written);
        SafeTensors read = SafeTensors.read(FILE);
        assertThat(new ArrayList<>(read.tensors().entrySet())).isEqualTo(new ArrayList<>(tensors.entrySet()));
        assertThat(read.metadata()).isEqualTo(metadata);
        assertThat(bytes(read)).isEqualTo(written);
    }

    @Property
    void theNumbersBeginAtAMultipleOfEight(@ForAll("metadata") Map<String, String> metadata) throws IOException {
        byte[] written = bytes(new SafeTensors(Map.of("x", Tensor.scalar(1)), metadata));
        assertThat(written.length % 8).isZero();
        assertThat(ByteBuffer.wrap(written).getLong(written.length - 8)).isEqualTo(0xf03fL);
    }

    private static byte[] bytes(SafeTensors content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        content.write(bytes);
        return bytes.toByteArray();
    }

    /** Pieces that headers are made of, put together at random or changed here and there. */
    @Provide
    Arbitrary<byte[]> headers() {
        String valid = "{\"__metadata__\":{\"k\":\"v\\u00e9\\ud83d\\ude00\"},"
                + "\"a\":{\"dtype\":\"F32\",\"shape\":[2,1],\"data_offsets\":[0,8]},"
                + " \"b\":{\"shape\":[],\"data_offsets\":[8,16],\"dtype\":\"F64\"}}  ";
        List<String> pieces = List.of(
                "{",
                "}",
                "[",
                "]",
                ",",
                ":",
                "\"",
                "\\",
                "\\u",
                "d83d",
                "de00",
                "0",
                "1",
                "8",
                "16",
                "-",
                ".",
                "e1",
                "00",
                " ",
                "\n",
                "\t",
                "\u0001",
                "\u007f",
                "é",
                "\"a\"",
                "\"b\"",
                "\"k\":\"v\"",
                "\"dtype\":\"F32\"",
                "\"shape\":[2]",
                "\"data_offsets\":[0,8]",
                "\"__metadata__\"",
                "null",
                "true",
                "9223372036854775807",
                "1000000000000000000",
                "\"y\":{\"dtype\":\"I64\",\"shape\":[0],\"data_offsets\":[16,16]}",
                "\"x\":{\"dtype\":\"BF16\",\"shape\":[1,1,1,1],\"data_offsets\":[16,18]}");
        return Arbitraries.longs().map(seed -> changed(valid, pieces, new RandomStream(seed)));
    }

    private static byte[] changed(String valid, List<String> pieces, RandomStream random) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(valid.getBytes(StandardCharsets.UTF_8));
        for (int change = random.nextInt(4); change > 0; change--) {
            byte[] before = bytes.toByteArray();
            int from = random.nextInt(before.length);
            int to = Math.min(before.length, from + random.nextInt(4) * random.nextInt(8));
            byte[] piece = random.nextInt(4) == 0
                    ? new byte[] {(byte) random.nextInt(256)}
                    : random.nextInt(4) == 0
                            ? new byte[0]
                            : pieces.get(random.nextInt(pieces.size())).getBytes(StandardCharsets.UTF_8);
            bytes.reset();
            bytes.write(before, 0, from);
            bytes.writeBytes(piece);
            bytes.write(before, to, before.length - to);
        }
        return bytes.toByteArray();
    }

    /** The oracle: the parser of Jackson, which refuses duplicates, and the rules of the format in its tree. */
    @Property
    void aHeaderIsReadIfJacksonReadsItAndItsTensorsCoverTheData(@ForAll("headers") byte[] header) {
        int data = 16;
        Object expected = expected(header, data);
        Object actual;
        try {
            SafeTensorsHeader read = SafeTensorsHeader.parse("header", header, data);
            Map<String, List<Object>> tensors = new LinkedHashMap<>();
            read.entries().forEach(e -> tensors.put(e.name(), List.of(text(e.content()), e.begin(), e.end())));
            actual = List.of(tensors, read.metadata());
        } catch (DataFormatException e) {
            actual = "refused";
        }
        assertThat(actual).as(new String(header, StandardCharsets.UTF_8)).isEqualTo(expected);
    }

    private static String text(SafeTensorsHeader.TensorContent content) {
        return content instanceof SafeTensorsHeader.TensorNumbers numbers
                ? numbers.encoding() + " " + numbers.shape()
                : "unread";
    }

    private static Object expected(byte[] header, int data) {
        try {
            if (header.length == 0 || header[0] != '{') {
                return "refused";
            }
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(header));
            return checked(tree(header), data);
        } catch (IOException
                | ArithmeticException
                | ClassCastException
                | IllegalArgumentException
                | NullPointerException e) {
            return "refused";
        }
    }

    private static Object checked(Map<?, ?> tree, int data) {
        Map<String, List<Object>> tensors = new LinkedHashMap<>();
        Map<String, String> metadata = new LinkedHashMap<>();
        List<long[]> ranges = new ArrayList<>();
        tree.forEach((key, value) -> {
            if (key.equals("__metadata__")) {
                ((Map<?, ?>) value).forEach((name, text) -> metadata.put(unicode(name), unicode(text)));
            } else {
                tensors.put(unicode(key), tensor((Map<?, ?>) value, ranges));
            }
        });
        ranges.sort(Comparator.<long[]>comparingLong(range -> range[0]).thenComparing(range -> range[1]));
        long covered = 0;
        for (long[] range : ranges) {
            require(range[0] == covered && range[1] >= covered);
            covered = range[1];
        }
        require(covered == data);
        return List.of(tensors, metadata);
    }

    private static List<Object> tensor(Map<?, ?> value, List<long[]> ranges) {
        require(value.size() == 3);
        List<?> dims = (List<?>) value.get("shape");
        List<?> offsets = (List<?>) value.get("data_offsets");
        String dtype = (String) value.get("dtype");
        require(dims.size() <= 8 && offsets.size() == 2 && dtype.matches("[A-Z][A-Z0-9_]{0,19}"));
        long begin = ((BigInteger) offsets.get(0)).longValueExact();
        long end = ((BigInteger) offsets.get(1)).longValueExact();
        ranges.add(new long[] {begin, end});
        NumberEncoding encoding = NumberEncoding.named(dtype);
        BigInteger bytes = BigInteger.valueOf(encoding == null ? 1 : encoding.bytes());
        for (Object dim : dims) {
            require(dim.toString().length() <= 18);
            bytes = bytes.multiply((BigInteger) dim);
        }
        if (encoding == null || bytes.signum() == 0) {
            require(begin == end || bytes.signum() > 0);
            return List.of("unread", begin, end);
        }
        require(bytes.bitLength() < 31 && end - begin == bytes.intValueExact());
        int[] lengths = dims.stream()
                .mapToInt(dim -> ((BigInteger) dim).intValueExact())
                .toArray();
        return List.of(encoding + " " + Shape.of(lengths), begin, end);
    }

    private static String unicode(Object text) {
        require(StandardCharsets.UTF_8.newEncoder().canEncode((String) text));
        return (String) text;
    }

    private static void require(boolean condition) {
        if (!condition) {
            throw new IllegalArgumentException();
        }
    }

    private static Map<?, ?> tree(byte[] json) throws IOException {
        JsonFactory factory = JsonFactory.builder()
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .build();
        try (JsonParser parser = factory.createParser(json)) {
            parser.nextToken();
            Map<?, ?> tree = (Map<?, ?>) value(parser);
            require(parser.nextToken() == null);
            return tree;
        }
    }

    private static Object value(JsonParser parser) throws IOException {
        switch (parser.currentToken()) {
            case START_OBJECT -> {
                Map<String, Object> members = new LinkedHashMap<>();
                while (parser.nextToken() != JsonToken.END_OBJECT) {
                    String key = parser.currentName();
                    parser.nextToken();
                    members.put(key, value(parser));
                }
                return members;
            }
            case START_ARRAY -> {
                List<Object> elements = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    elements.add(value(parser));
                }
                return elements;
            }
            case VALUE_STRING -> {
                return parser.getText();
            }
            default -> {
                require(parser.currentToken() == JsonToken.VALUE_NUMBER_INT
                        && !parser.getText().startsWith("-"));
                return new BigInteger(parser.getText());
            }
        }
    }
}
