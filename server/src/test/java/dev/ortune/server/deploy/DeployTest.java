package dev.ortune.server.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.ortune.predictor.TinyClassifier;
import dev.ortune.server.RawClient;
import dev.ortune.server.ServeProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What lies in deploy/ fits the program. Images are not built here: what they would run is. */
@Timeout(120)
class DeployTest {
    private static final Path ROOT = Path.of("..");

    @TempDir
    private Path folder;

    /** An instruction of a Dockerfile with what follows it, joined to one line. */
    private record Instruction(String name, String rest) {}

    private static List<Instruction> dockerfile() throws IOException {
        String text = Files.readString(ROOT.resolve("deploy/Dockerfile"));
        return text.replaceAll("(?m)^#.*\\R", "")
                .replaceAll("\\\\\\R\\s*", "")
                .lines()
                .filter(line -> !line.isBlank())
                .map(line -> line.split(" ", 2))
                .map(parts -> new Instruction(parts[0], parts[1]))
                .toList();
    }

    private static Stream<String> rest(String name) throws IOException {
        return dockerfile().stream()
                .filter(instruction -> instruction.name.equals(name))
                .map(Instruction::rest);
    }

    @Test
    void whatTheImageIsMadeOfIsThereAndNotIgnored() throws IOException {
        assertThat(dockerfile())
                .extracting(Instruction::name)
                .isSubsetOf("ARG", "FROM", "WORKDIR", "COPY", "RUN", "ENV", "EXPOSE", "USER", "ENTRYPOINT");
        List<String> copied = rest("COPY")
                .filter(rest -> !rest.startsWith("--from="))
                .map(rest -> rest.split(" ", 2)[0])
                .toList();
        assertThat(copied).contains("pom.xml", "server/src").allSatisfy(path -> assertThat(ROOT.resolve(path))
                .exists());
        List<String> kept = Files.readAllLines(ROOT.resolve(".dockerignore")).stream()
                .filter(line -> line.startsWith("!"))
                .map(line -> line.substring(1))
                .toList();
        assertThat(kept).containsExactlyInAnyOrderElementsOf(copied);
        Set<String> stages = new HashSet<>();
        for (String from : rest("FROM").toList()) {
            String[] words = from.split(" AS ", 2);
            if (words.length == 2) {
                stages.add(words[1]);
            }
        }
        assertThat(stages).contains("build", "cpu", "cuda");
        assertThat(Files.readString(ROOT.resolve("pom.xml"))).contains("<id>cuda</id>");
    }

    private static List<String> command() throws IOException {
        return new ObjectMapper()
                .readValue(rest("ENTRYPOINT").findFirst().orElseThrow(), new TypeReference<List<String>>() {});
    }

    private static Map<String, String> environment() throws IOException {
        Map<String, String> environment = new HashMap<>();
        for (String variable : rest("ENV").findFirst().orElseThrow().split(" ", -1)) {
            String[] pair = variable.split("=", 2);
            environment.put(pair[0], pair[1]);
        }
        return environment;
    }

    /** What was measured of the one is true of the other. */
    @Test
    void theImageTellsJavaWhatTheLauncherDoes() throws Exception {
        List<String> tuning = command().stream()
                .filter(option -> option.startsWith("-XX:") && !option.contains("OutOfMemory"))
                .toList();
        assertThat(tuning).hasSizeGreaterThan(1);
        String allocator = "GLIBC_TUNABLES=" + environment().get("GLIBC_TUNABLES");
        assertThat(Files.readString(ROOT.resolve("ortune"))).contains(tuning).contains(allocator);
    }

    /** Its start command with its variables, but for the jar, which this build has not made yet. */
    @Test
    void theImagesCommandServes() throws Exception {
        Path model = TinyClassifier.write(folder.resolve("tiny"));
        List<String> command = command();
        int jar = command.indexOf("-jar");
        assertThat(command.subList(jar, command.size()))
                .containsExactly("-jar", "/opt/ortune/ortune-server.jar", "serve");
        List<String> java = command.subList(1, jar).stream()
                .filter(option -> !option.contains("/opt/ortune/native"))
                .toList();
        assertThat(java).isNotEmpty();
        Map<String, String> environment = environment();
        assertThat(environment.replace("DJL_CACHE_DIR", folder.resolve("djl").toString()))
                .isEqualTo("/tmp/djl");
        assertThat(environment.put("PORT", "0"))
                .isEqualTo(rest("EXPOSE").findFirst().orElseThrow());
        try (ServeProcess serving = ServeProcess.start(java, environment, List.of(model.toString()))) {
            assertThat(serving.address()).startsWith("http://0.0.0.0:");
            assertThat(get(serving, "/health")).isEqualTo(200);
        }
    }

    @Test
    void whatTheManifestAsksForIsAnswered() throws Exception {
        List<JsonNode> manifest = manifest();
        assertThat(manifest)
                .extracting(object -> object.path("kind").asText())
                .containsExactly("Deployment", "Service");
        JsonNode pod = manifest.get(0).at("/spec/template/spec");
        JsonNode container = pod.at("/containers/0");
        assertThat(manifest.get(0).at("/spec/template/metadata/labels"))
                .isEqualTo(manifest.get(1).at("/spec/selector"));
        assertThat(container.at("/ports/0/containerPort").asText())
                .isEqualTo(rest("EXPOSE").findFirst().orElseThrow());
        assertThat(rest("USER").findFirst())
                .hasValue(pod.at("/securityContext/runAsUser") + ":" + pod.at("/securityContext/runAsGroup"));
        assertThat(container.at("/securityContext/readOnlyRootFilesystem").asBoolean())
                .isTrue();
        assertThat(pod.at("/securityContext/runAsNonRoot").asBoolean()).isTrue();
        TinyClassifier.write(folder.resolve("NAME"));
        List<String> arguments = new ArrayList<>(List.of("--port", "0"));
        container
                .path("args")
                .forEach(argument -> arguments.add(argument.asText().replace("/models", folder.toString())));
        Map<String, String> environment = new HashMap<>();
        container
                .path("env")
                .forEach(variable -> environment.put(
                        variable.path("name").asText(), variable.path("value").asText("secret")));
        try (ServeProcess serving = ServeProcess.start(List.of(), environment, arguments)) {
            for (String probe : List.of("startupProbe", "readinessProbe", "livenessProbe")) {
                assertThat(container.at("/" + probe + "/httpGet/port").asText()).isEqualTo("http");
                assertThat(get(
                                serving,
                                container.at("/" + probe + "/httpGet/path").asText()))
                        .as(probe)
                        .isEqualTo(200);
            }
            JsonNode annotations = manifest.get(0).at("/spec/template/metadata/annotations");
            assertThat(get(serving, annotations.path("prometheus.io/path").asText()))
                    .isEqualTo(200);
            assertThat(get(serving, "/info")).isEqualTo(401);
            serving.await(line -> line.startsWith("{"));
            int grace = pod.path("terminationGracePeriodSeconds").asInt();
            int before = container.at("/lifecycle/preStop/exec/command/1").asInt();
            assertThat(grace).isGreaterThanOrEqualTo(before + 30);
        }
    }

    private static List<JsonNode> manifest() throws IOException {
        try (MappingIterator<JsonNode> objects = new YAMLMapper()
                .readerFor(JsonNode.class)
                .readValues(ROOT.resolve("deploy/kubernetes.yaml").toFile())) {
            return objects.readAll();
        }
    }

    private static int get(ServeProcess serving, String path) throws IOException {
        try (RawClient client = new RawClient(new Socket(InetAddress.getLoopbackAddress(), serving.port()))) {
            client.send(RawClient.get(path));
            return client.receive().status();
        }
    }
}
