package dev.ortune.exporter.weights;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ortune.exporter.OrtuneException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafetensorsMalformedTest {
    @TempDir
    Path folder;

    @Test
    void missingFile() {
        refused(folder.resolve("absent.safetensors"), "cannot be read (no such file)");
    }

    @Test
    void folderInsteadOfAFile() {
        refused(folder, "is a folder, not a file");
    }

    @Test
    void shorterThanItsLengthField() throws IOException {
        refused(Files.write(folder.resolve("a"), new byte[7]), "is not a safetensors file (only 7 bytes)");
    }

    @Test
    void headerLongerThanTheFormatAllows() throws IOException {
        refused(
                SafetensorsFile.write(folder, 100_000_001, new byte[2], new byte[0]),
                "is not a safetensors file (header of 100000001 bytes; at most 100000000 are allowed)");
    }

    @Test
    void headerLengthOfMoreThan63Bits() throws IOException {
        refused(
                SafetensorsFile.write(folder, -1, new byte[2], new byte[0]),
                "is not a safetensors file (header of 18446744073709551615 bytes; at most 100000000 are allowed)");
    }

    @Test
    void headerPastTheEnd() throws IOException {
        refused(
                SafetensorsFile.write(folder, 1000, new byte[2], new byte[0]),
                "the header lies outside the file (bytes 8 + 1000 of 10)");
    }

    @Test
    void headerThatIsNotUtf8() throws IOException {
        refused(
                SafetensorsFile.write(folder, new byte[] {'{', '"', (byte) 0xc0, '"', '}'}, new byte[0]),
                "the header is not UTF-8 text (at byte 10)");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "{'x':|the header is not valid JSON (",
                "[]|the header is not a JSON object",
                " {}|the header is not a JSON object",
                "{}{}|more than one JSON value in the header",
                "{'x':{'dtype':'F32','shape':[1],'data_offsets':[0,4]},'x':{'dtype':'F32','shape':[0],'data_offsets':[4,4]}}"
                        + "|the header is not valid JSON (Duplicate field 'x')",
                "{'__metadata__':1}|__metadata__ is not a JSON object",
                "{'__metadata__':{'a':1}}|__metadata__ holds something other than text",
                "{'x':1}|tensor x has the unknown dtype \"\"",
                "{'x':{'dtype':'F33','shape':[1],'data_offsets':[0,4]}}|tensor x has the unknown dtype \"F33\"",
                "{'x':{'dtype':'F32','data_offsets':[0,4]}}|tensor x has no shape",
                "{'x':{'dtype':'F32','shape':[1]}}|tensor x has no data_offsets",
                "{'x':{'dtype':'F32','shape':[-1],'data_offsets':[0,4]}}"
                        + "|tensor x has a shape that is no list of whole numbers: [-1]",
                "{'x':{'dtype':'F32','shape':[1.0],'data_offsets':[0,4]}}"
                        + "|tensor x has a shape that is no list of whole numbers: [1.0]",
                "{'x':{'dtype':'F32','shape':[99999999999999999999],'data_offsets':[0,4]}}"
                        + "|tensor x has a shape that is no list of whole numbers: [99999999999999999999]",
                "{'x':{'dtype':'F32','shape':[1],'data_offsets':[4,0]}}"
                        + "|tensor x has data_offsets that are no [begin, end]",
                "{'x':{'dtype':'F32','shape':[1],'data_offsets':[4]}}"
                        + "|tensor x has data_offsets that are no [begin, end]",
                "{'x':{'dtype':'F32','shape':[2],'data_offsets':[0,4]}}|tensor x needs 8 bytes but has 4",
                "{'x':{'dtype':'I64','shape':[1],'data_offsets':[0,4]}}|tensor x needs 8 bytes but has 4",
                "{'x':{'dtype':'F32','shape':[4294967296,4294967296],'data_offsets':[0,0]}}"
                        + "|tensor x has a shape whose size overflows",
                "{'x':{'dtype':'F32','shape':[4611686018427387904],'data_offsets':[0,0]}}"
                        + "|tensor x has a shape whose size overflows",
                "{'x':{'dtype':'F32','shape':[4],'data_offsets':[0,16]}}"
                        + "|tensor x ends outside the file (byte 16 of 12 in the data area)",
                "{'x':{'dtype':'F32','shape':[2],'data_offsets':[0,8]},'y':{'dtype':'F32','shape':[2],'data_offsets':[4,12]}}"
                        + "|tensor y overlaps the tensor before it (at byte 4)",
                "{'x':{'dtype':'F32','shape':[1],'data_offsets':[0,4]},'y':{'dtype':'F32','shape':[1],'data_offsets':[8,12]}}"
                        + "|tensor y leaves a gap before it (bytes 4 to 8)",
                "{'x':{'dtype':'F32','shape':[1],'data_offsets':[0,4]}}|holds 8 bytes after its last tensor",
            })
    void header(String header, String message) throws IOException {
        refused(SafetensorsFile.write(folder, header.replace('\'', '"'), new byte[12]), message);
    }

    @Test
    void namesThatWouldBreakTheTerminal() throws IOException {
        refused(
                SafetensorsFile.write(folder, "{\"a\\nb\\u001b[2J\":{\"dtype\":\"F32\",\"shape\":[1]}}", new byte[0]),
                "tensor a?b?[2J has no data_offsets");
    }

    private static void refused(Path file, String message) {
        assertThatThrownBy(() -> Safetensors.open(file))
                .isExactlyInstanceOf(OrtuneException.class)
                .hasMessageStartingWith(file + ": " + message);
    }
}
