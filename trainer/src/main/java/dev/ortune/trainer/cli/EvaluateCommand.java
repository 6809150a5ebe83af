package dev.ortune.trainer.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.corpus.Corpus;
import dev.ortune.trainer.corpus.CorpusBatches;
import dev.ortune.trainer.corpus.Labelling;
import dev.ortune.trainer.corpus.NextTokens;
import dev.ortune.trainer.corpus.SequenceFile;
import dev.ortune.trainer.corpus.SequenceRange;
import dev.ortune.trainer.data.Batches;
import dev.ortune.trainer.data.Dataset;
import dev.ortune.trainer.data.EncodedDataset;
import dev.ortune.trainer.data.Labels;
import dev.ortune.trainer.inference.CausalModel;
import dev.ortune.trainer.inference.TrainedModel;
import dev.ortune.trainer.report.BatchMcc;
import dev.ortune.trainer.report.Format;
import dev.ortune.trainer.report.Hardware;
import dev.ortune.trainer.report.MaskedWords;
import dev.ortune.trainer.report.Predictions;
import dev.ortune.trainer.runtime.Device;
import dev.ortune.trainer.runtime.DeviceChoice;
import dev.ortune.trainer.task.Examples;
import dev.ortune.trainer.task.Scoring;
import dev.ortune.trainer.task.Task;
import dev.ortune.trainer.text.TextTokenizer;
import dev.ortune.trainer.text.TokenizerFiles;
import dev.ortune.trainer.training.Execution;
import dev.ortune.trainer.training.SessionSettings;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ortune evaluate models/NAME --data FILE}: how good a fine-tuned model is. */
@Command(name = "evaluate", mixinStandardHelpOptions = true, description = "Measure a fine-tuned model on a data set.")
public final class EvaluateCommand implements Callable<Integer> {
    /** Logits of a batch of next tokens, as numbers: 64 MB. */
    private static final int MOST_NUMBERS = 16 << 20;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "MODEL", description = "Folder of the model, such as models/NAME.")
    private String model;

    @Option(
            names = "--data",
            required = true,
            paramLabel = "SPEC",
            description =
                    "A .tsv, .csv or .jsonl file, or one in CoNLL's columns, also with .gz; or builtin:test. Of a model that"
                            + " writes texts: plain text, or .jsonl.")
    private String data;

    @Option(
            names = "--exported",
            paramLabel = "FILE",
            description = "Measure this exported file of the model, such as onnx/model_int8.onnx.")
    private Path exported;

    @Mixin
    private ColumnOptions columns;

    @Option(names = "--batch-size", paramLabel = "N", description = "Sentences a batch (default: ${DEFAULT-VALUE}).")
    private int batchSize = BatchMcc.BATCH_SIZE;

    @Option(
            names = "--max-length",
            paramLabel = "N",
            description = "Tokens of a sentence, the rest is cut off (default: as it was trained).")
    private int maxLength;

    @Option(names = "--threads", paramLabel = "N", description = "CPU threads (default: one a core).")
    private int threads;

    @Option(
            names = "--device",
            paramLabel = "DEVICE",
            description = "auto, cpu, cuda or cuda:N; auto takes a GPU where one can be used"
                    + " (default: ${DEFAULT-VALUE}).")
    private String device = "auto";

    @Option(
            names = "--predictions",
            paramLabel = "FILE",
            description =
                    "Write sentence, logits, softmax, prediction and label of each to this TSV file; of words with a"
                            + " label each word, label and prediction; of questions the answers as SQuAD's scripts take"
                            + " them, and beside it the likeliest ones; of choices each with its logit and softmax.")
    private Path predictionsFile;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Override
    public Integer call() {
        Usage.check(spec, this::validated);
        Execution execution = DeviceOptions.execution(Usage.check(spec, () -> DeviceChoice.parse(device)));
        Path folder = Folders.model(model);
        if (CausalModel.isIn(folder)) {
            Usage.check(spec, this::requireTextsAlone);
            print(folder, perplexity(folder, execution), execution.hardware());
            return 0;
        }
        try (TrainedModel trained = open(folder, execution.device())) {
            Task task = trained.task();
            task.requireFitting(data, columns.columns(), folder + " is for");
            Examples examples = task.examples();
            try (TextTokenizer tokenizer = TextTokenizer.load(folder, trained.maxLength(maxLength), examples.form())) {
                Dataset set = examples.read(data, columns.columns(), trained.labels());
                EncodedDataset encoded = examples.encode(set, tokenizer);
                Batches batches = Batches.toEvaluate(encoded, tokenizer.padId(), batchSize);
                Predictions predictions = trained.predictions(task, batches, () -> {});
                if (predictionsFile != null) {
                    task.scoring().write(predictionsFile, encoded, predictions);
                }
                print(folder, encoded, predictions, task.scoring(), execution.hardware());
            }
        }
        return 0;
    }

    private Boolean requireTextsAlone() {
        if (exported != null || predictionsFile != null) {
            throw new OrtuneException(
                    "--exported and --predictions are for models with labels; this one tells next tokens");
        }
        return true;
    }

    /** How surely a model that tells next tokens does so, in full blocks as in pre-training. */
    private MaskedWords perplexity(Path folder, Execution execution) {
        try (CausalModel trained = CausalModel.open(folder, threads, execution.device())) {
            int trainedLength = TokenizerFiles.modelMaxLength(folder).orElse(trained.mostTokens());
            int length = maxLength > 0 ? maxLength : Math.min(trainedLength, trained.mostTokens());
            if (length > trained.mostTokens()) {
                throw new OrtuneException("--max-length " + length + " is more than the " + trained.mostTokens()
                        + " positions of " + folder);
            }
            Path tokens = Files.createTempFile("ortune", ".tokens");
            try (TextTokenizer tokenizer = TextTokenizer.load(folder, length)) {
                Labelling labelling = new NextTokens(tokenizer.endId().orElse(-1));
                Corpus.Recipe recipe = new Corpus.Recipe(Corpus.Form.BLOCKS, length, labelling, 0);
                SequenceFile file = Corpus.encode(List.of(Path.of(data)), "text", recipe, tokenizer, tokens, () -> {});
                try {
                    if (file.counts().sequences() == 0) {
                        throw new OrtuneException(data + ": has too little text for a block of " + length
                                + " tokens; a smaller --max-length takes less");
                    }
                    int most = Math.max(1, MOST_NUMBERS / length / trained.vocabSize());
                    CorpusBatches batches = new CorpusBatches(
                            SequenceRange.of(data, file),
                            labelling,
                            0,
                            false,
                            Math.min(batchSize, most),
                            tokenizer.padId(),
                            false);
                    return MaskedWords.of(batches, trained::evaluated);
                } finally {
                    file.delete();
                }
            }
        } catch (IOException e) {
            throw new OrtuneException("no temporary file can be made (" + e.getMessage() + ")", e);
        }
    }

    private void print(Path folder, MaskedWords metrics, Hardware hardware) {
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            ObjectNode object = new ObjectMapper().createObjectNode();
            object.put("perplexity", metrics.perplexity())
                    .put("accuracy", metrics.accuracy())
                    .put("loss", metrics.loss())
                    .put("count", metrics.count());
            out.println(object);
        } else {
            out.println(folder + " on " + data);
            out.println("tokens     " + Format.count(metrics.count()));
            out.println("loss       " + Format.score(metrics.loss()));
            out.println("perplexity " + Format.score(metrics.perplexity()));
            out.println("accuracy   " + Format.score(metrics.accuracy()));
            out.println();
            out.println("on " + hardware.withThreads(new SessionSettings(threads, 0).actualThreads()));
        }
        out.flush();
    }

    private TrainedModel open(Path folder, Device device) {
        return exported == null
                ? TrainedModel.open(folder, threads, device)
                : TrainedModel.openExported(folder, exported, threads, device);
    }

    private void print(
            Path folder, EncodedDataset encoded, Predictions predictions, Scoring scoring, Hardware hardware) {
        Labels labels = encoded.dataset().labels();
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            ObjectNode object = scoring.json(predictions, batchSize, labels);
            List<String> notices = notices(encoded.dataset());
            if (!notices.isEmpty()) {
                notices.forEach(object.putArray("notices")::add);
            }
            out.println(object);
        } else {
            out.println((exported == null ? folder : folder + ", " + exported) + " on "
                    + encoded.dataset().name()
                    + (encoded.truncated() == 0 ? "" : ", " + encoded.truncated() + " sentences cut off"));
            notices(encoded.dataset()).forEach(out::println);
            scoring.lines(predictions, batchSize, labels).forEach(out::println);
            out.println();
            out.println("on " + hardware.withThreads(new SessionSettings(threads, 0).actualThreads()));
            if (predictionsFile != null) {
                out.println();
                out.println("predictions are in " + predictionsFile);
            }
        }
        out.flush();
    }

    /** Nothing tells whether a file numbers its labels as the training set did: a person must. */
    private static List<String> notices(Dataset set) {
        List<String> notices = new ArrayList<>(set.reading().notices());
        if (!set.reading().numbered().isEmpty()) {
            notices.add(set.numbersTaken());
        }
        return notices;
    }

    private Boolean validated() {
        if (batchSize < 1) {
            throw new OrtuneException("--batch-size must be at least 1, not " + batchSize);
        }
        if (maxLength < 0) {
            throw new OrtuneException("--max-length must be positive, not " + maxLength);
        }
        if (threads < 0) {
            throw new OrtuneException("--threads must not be negative, but is " + threads);
        }
        return true;
    }
}
