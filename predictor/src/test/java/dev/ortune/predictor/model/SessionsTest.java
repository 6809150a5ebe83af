package dev.ortune.predictor.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ortune.predictor.TinyClassifier;
import dev.ortune.predictor.device.Device;
import dev.ortune.predictor.text.EncodedText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The session that is loaded while the other one answers. */
@Timeout(60)
class SessionsTest {
    private static final Device CPU = new Device.Cpu("as asked for");
    private static final BatchOptions BATCHES = new BatchOptions(4096, 100, 32, 2, 2);

    @TempDir
    private Path folder;

    private ModelFolder model;

    @BeforeEach
    void write() throws IOException {
        Path tiny = TinyClassifier.write(folder.resolve("tiny"));
        model = ModelFolder.open(VersionFolder.of(tiny), new InferenceOptions("auto", CPU, BATCHES));
    }

    @Test
    void bothAnswerAlike() throws Exception {
        List<EncodedText> texts = List.of(EncodedText.zeros(7), EncodedText.zeros(3));
        try (Sessions sessions = Sessions.open(model, CPU, BATCHES)) {
            float[][] first = sessions.beside().run(texts);
            while (sessions.beside() == sessions.alone()) {
                Thread.sleep(1);
            }
            assertThat(sessions.beside().run(texts)).isDeepEqualTo(first);
            assertThat(sessions.alone().run(texts)).isDeepEqualTo(first);
        }
    }

    @Test
    void oneDoesForBothWhereTheyHaveTheSameThreads() {
        try (Sessions sessions = Sessions.open(model, CPU, BATCHES.withWorkers(1))) {
            assertThat(sessions.beside()).isSameAs(sessions.alone());
        }
    }

    /** By which a second session of another model is known. */
    @Test
    void aFileThatWasReplacedIsAnother() throws Exception {
        Path file = model.chosen().path();
        List<Object> before = model.chosen().state();
        assertThat(model.chosen().state()).isEqualTo(before);
        Path other = Files.copy(file, folder.resolve("other"));
        Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);
        assertThat(model.chosen().state()).isNotEqualTo(before);
        Files.delete(file);
        assertThat(model.chosen().state()).isNotEqualTo(before);
    }
}
