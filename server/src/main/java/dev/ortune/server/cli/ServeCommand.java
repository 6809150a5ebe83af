package dev.ortune.server.cli;

import dev.ortune.predictor.model.InferenceOptions;
import dev.ortune.predictor.model.ModelFolder;
import dev.ortune.server.http.HttpServer;
import dev.ortune.server.http.PreparedServer;
import dev.ortune.server.http.ServerOptions;
import dev.ortune.server.log.Logging;
import dev.ortune.server.store.Lease;
import dev.ortune.server.store.ModelStore;
import dev.ortune.server.store.ModelWatcher;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ortune serve models/NAME …}: exported models over HTTP. */
@Command(
        name = "serve",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Serve exported models over HTTP.",
        footer = {
            "",
            "POST /predict as with text-embeddings-inference, POST /models/NAME as with Hugging Face's API.",
            "Each option can also be set by an environment variable of its name in capitals, such as MAX_BATCH_TOKENS."
        })
public final class ServeCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "MODEL", arity = "1..*", description = "Folders of models, such as models/NAME.")
    private List<String> models;

    @Option(
            names = "--watch",
            defaultValue = "${env:WATCH:-false}",
            description = "Load models anew whose files change, new versions too; what is broken is refused.")
    private boolean watch;

    @ArgGroup(validate = false, order = 1, heading = "%nListening:%n")
    private ServerFlags listening = new ServerFlags();

    @ArgGroup(validate = false, order = 2, heading = "%nModels:%n")
    private ModelOptions options = new ModelOptions();

    @Override
    public Integer call() throws InterruptedException {
        ServerOptions server = Usage.check(spec, listening::options);
        InferenceOptions inference = options.inference(spec);
        Logging.use(server.accessLog());
        PrintWriter out = spec.commandLine().getOut();
        ModelStore store = ModelStore.of(models.stream().map(Folders::model).toList(), inference);
        PreparedServer prepared = HttpServer.prepare(store, inference.batches(), server);
        try {
            store.load();
            out.println("Runs on " + inference.device());
            store.names().stream().flatMap(name -> described(store, name)).forEach(out::println);
            HttpServer running = prepared.open();
            CountDownLatch told = whenToldToEnd();
            Reloads reloads = new Reloads(out, spec.commandLine().getErr());
            Optional<ModelWatcher> watcher =
                    watch ? Optional.of(ModelWatcher.start(store, ModelWatcher.INTERVAL, reloads)) : Optional.empty();
            if (server.isOpenToAll()) {
                spec.commandLine()
                        .getErr()
                        .println("ortune: warning: every machine that reaches " + server.host()
                                + " may ask this server; --api-key keeps strangers out");
            }
            out.println("Listening on " + server.scheme() + "://" + server.host() + ":" + running.port()
                    + ", ready after " + seconds() + " s");
            out.flush();
            ClassArchive.worthKeeping();
            told.await();
            out.println("Stopping: what was asked is answered first; a second signal ends at once");
            out.flush();
            watcher.ifPresent(ModelWatcher::close);
            running.stop(PATIENCE);
            store.close();
            return 0;
        } catch (RuntimeException | Error e) {
            prepared.abandon();
            store.close();
            throw e;
        }
    }

    /** A line a version. */
    private static Stream<String> described(ModelStore store, String name) {
        List<Integer> versions = store.versions(name);
        return versions.stream().map(version -> {
            try (Lease lease = store.lease(name, version.toString())) {
                ModelFolder folder = lease.model().info();
                String labels = folder.labels().isEmpty() ? "" : ", labels " + String.join(", ", folder.labels());
                return name + (versions.size() == 1 ? "" : " version " + version) + ": "
                        + folder.file().getFileName() + " (" + folder.precision() + ", " + folder.why() + "), "
                        + folder.task().pipelineTag() + labels;
            }
        });
    }

    /** Open until Ctrl-C or SIGTERM comes. A second one ends the process, with the exit code that such an end has. */
    private static CountDownLatch whenToldToEnd() {
        CountDownLatch told = new CountDownLatch(1);
        Signals.whenToldToEnd(number -> {
            if (told.getCount() == 0) {
                Runtime.getRuntime().halt(128 + number);
            }
            told.countDown();
        });
        return told;
    }

    private static String seconds() {
        long start = ManagementFactory.getRuntimeMXBean().getStartTime();
        return String.format(Locale.ROOT, "%.1f", (System.currentTimeMillis() - start) / 1000.0);
    }
}
