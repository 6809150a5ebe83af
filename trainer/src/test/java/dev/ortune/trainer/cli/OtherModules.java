package dev.ortune.trainer.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.ortune.trainer.JavaProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Stands in for the exporter and the server while the trainer is built alone: {@code export} writes files, {@code serve}
 * answers as the server's API does. {@code .ci/run} runs quickstart with the real ones.
 */
public final class OtherModules {
    private static final ObjectMapper JSON = new ObjectMapper();

    private OtherModules() {}

    /** Puts a launcher into {@code home} that runs this class. */
    static void install(Path home) throws IOException {
        JavaProcess.writeLauncher(home.resolve("ortune"), OtherModules.class);
    }

    public static void main(String[] arguments) throws IOException {
        Path model = Path.of(arguments[1]);
        if (arguments[0].equals("export")) {
            Files.writeString(model.resolve("exported"), String.join(" ", arguments));
            System.out.println("exported " + model.getFileName());
            leaveOut(model);
        } else if (Files.exists(model.resolve("exported"))) {
            serve(model);
        } else {
            System.exit(1);
        }
    }

    /** Where {@code files-left-out} lies beside the model and names some, an export without one, or without any. */
    private static void leaveOut(Path model) throws IOException {
        Path wanted = model.resolveSibling("files-left-out");
        if (!Files.exists(wanted)) {
            return;
        }
        Path onnx = Files.createDirectories(model.resolve("onnx"));
        Files.writeString(onnx.resolve("export.json"), "{}");
        if (Files.readString(wanted).equals("one")) {
            Files.writeString(onnx.resolve("model.onnx"), "");
        }
        System.exit(1);
    }

    private static void serve(Path model) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/models/" + model.getFileName(), OtherModules::answer);
        server.start();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> mark(model.resolve("stopped"))));
        System.out.println("starting");
        System.out.println("page at http://127.0.0.1:" + server.getAddress().getPort() + "/");
    }

    private static void answer(HttpExchange exchange) throws IOException {
        ArrayNode answers = JSON.createArrayNode();
        for (JsonNode text : JSON.readTree(exchange.getRequestBody()).path("inputs")) {
            boolean good = text.asText().contains("do not");
            answers.addArray()
                    .add(JSON.createObjectNode()
                            .put("label", good ? "acceptable" : "unacceptable")
                            .put("score", 0.75));
        }
        byte[] body = JSON.writeValueAsBytes(answers);
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private static void mark(Path file) {
        try {
            Files.write(file, List.of());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
