package dev.ortune.trainer.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TensorBoardTest {
    @TempDir
    private Path folder;

    /** The bytes that tfevents.py, beside the golden file, writes with nothing of ours. */
    @Test
    void recordsAreThoseOfTheFormat() throws IOException {
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        written.write(TensorBoardEvent.version(1700000000.25).record());
        written.write(
                TensorBoardEvent.scalar(1700000001.5, 1, "train/loss", 0.6875f).record());
        written.write(
                TensorBoardEvent.scalar(1700000002.5, 300, "eval/mcc", -0.1f).record());
        try (InputStream golden = getClass().getResourceAsStream("events.out.tfevents.golden")) {
            assertThat(written.toByteArray()).isEqualTo(golden.readAllBytes());
        }
    }

    /** The check value of CRC-32C is e3069283; turned right by 15 bits and moved it is this. */
    @Test
    void checksumsAreMasked() {
        byte[] check = "123456789".getBytes(StandardCharsets.US_ASCII);
        assertThat(TensorBoardEvent.maskedCrc(check)).isEqualTo(Integer.rotateRight(0xe3069283, 15) + 0xa282ead8);
    }

    @Test
    void curvesHoldTheStepsAndAreGoneOnWithAfterAnInterruption() throws IOException {
        TensorBoardLog.Position position;
        try (TensorBoardLog log = TensorBoardLog.open(folder, 0, TensorBoardLog.Position.START)) {
            log.step(step(1, 0.7));
            log.step(step(2, 0.6));
            position = log.position();
            log.step(step(3, 99));
        }
        try (TensorBoardLog log = TensorBoardLog.open(folder, 0, position)) {
            log.step(step(3, Double.NaN));
            log.step(step(4, 0.5));
        }
        try (var files = Files.list(folder)) {
            List<Path> events = files.toList();
            assertThat(events).hasSize(1);
            assertThat(events.get(0).getFileName().toString()).startsWith("events.out.tfevents.");
            List<String> messages = messages(Files.readAllBytes(events.get(0)));
            assertThat(messages.get(0)).contains("brain.Event:2");
            assertThat(messages.stream().filter(message -> message.contains("train/loss")))
                    .hasSize(3);
            assertThat(messages.stream().filter(message -> message.contains("train/learning_rate")))
                    .hasSize(3);
        }
    }

    @Test
    void aFileThatWentAwayIsBegunAnew() throws IOException {
        try (TensorBoardLog log =
                TensorBoardLog.open(folder, 0, new TensorBoardLog.Position("events.out.tfevents.1.gone", 77))) {
            log.step(step(5, 0.5));
        }
        try (var files = Files.list(folder)) {
            assertThat(messages(Files.readAllBytes(files.findFirst().orElseThrow())))
                    .hasSize(1 + 3);
        }
    }

    @Test
    void aFileThatWasCutOffIsLeftForANewOne() throws IOException {
        Path cut = Files.writeString(folder.resolve("events.out.tfevents.1.cut"), "cut");
        TensorBoardLog.open(folder, 0, new TensorBoardLog.Position("events.out.tfevents.1.cut", 77))
                .close();
        assertThat(cut).hasContent("cut");
        assertThat(folder.toFile().list()).hasSize(2);
    }

    @Test
    void aRunThatStopsEarlyEndsWithItsLastStep() throws IOException {
        try (TensorBoardLog log = TensorBoardLog.open(folder, 3, TensorBoardLog.Position.START)) {
            for (int step = 1; step <= 5; step++) {
                log.step(step(step, step));
            }
            log.end(new RunSummary("x", new LoopSummary(5, 0.5, 3, 0, 0, 1, 1, true), List.of(), null, null, null));
        }
        try (var files = Files.list(folder)) {
            assertThat(messages(Files.readAllBytes(files.findFirst().orElseThrow())).stream()
                            .filter(message -> message.contains("train/loss")))
                    .as("steps 3 and 5")
                    .hasSize(2);
        }
    }

    private static StepRecord step(int step, double loss) {
        return new StepRecord(
                new StepRecord.Position(step, 10, step / 10.0, 1), loss, 2e-5, 0.5, new StepRecord.Pace(50, 65), 0);
    }

    /** The messages in a file, each frame checked. */
    private static List<String> messages(byte[] file) {
        List<String> messages = new ArrayList<>();
        ByteBuffer records = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        while (records.hasRemaining()) {
            byte[] length = new byte[8];
            records.get(length);
            assertThat(records.getInt()).isEqualTo(TensorBoardEvent.maskedCrc(length));
            byte[] message = new byte
                    [(int) ByteBuffer.wrap(length)
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .getLong()];
            records.get(message);
            assertThat(records.getInt()).isEqualTo(TensorBoardEvent.maskedCrc(message));
            messages.add(new String(message, StandardCharsets.ISO_8859_1));
        }
        return messages;
    }
}
