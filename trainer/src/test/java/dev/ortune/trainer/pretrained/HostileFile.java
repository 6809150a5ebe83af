package dev.ortune.trainer.pretrained;

import dev.ortune.trainer.JsonFile;
import dev.ortune.trainer.artifacts.Checkpoint;
import dev.ortune.trainer.artifacts.CheckpointReader;
import dev.ortune.trainer.data.Batch;
import dev.ortune.trainer.data.DatasetReader;
import dev.ortune.trainer.data.Datasets;
import dev.ortune.trainer.data.Labels;
import dev.ortune.trainer.data.QuestionReader;
import dev.ortune.trainer.data.ReadOptions;
import dev.ortune.trainer.data.WordLabelReader;
import dev.ortune.trainer.graph.OnnxFile;
import dev.ortune.trainer.inference.ClassifierConfig;
import dev.ortune.trainer.inference.TrainedModel;
import dev.ortune.trainer.model.Berts;
import dev.ortune.trainer.model.Network;
import dev.ortune.trainer.report.WrittenAnswerRun;
import dev.ortune.trainer.report.WrittenRun;
import dev.ortune.trainer.report.WrittenTokenRun;
import dev.ortune.trainer.report.card.ModelCard;
import dev.ortune.trainer.report.run.Run;
import dev.ortune.trainer.report.run.SweepRuns;
import dev.ortune.trainer.report.statistics.Scores;
import dev.ortune.trainer.sweep.SweepFile;
import dev.ortune.trainer.sweep.SweepText;
import dev.ortune.trainer.task.TextClassification;
import dev.ortune.trainer.text.TextTokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A file that a stranger may have written, and what reads it. */
enum HostileFile {
    CONFIG("config.json"),
    WEIGHTS("model.safetensors"),
    SHARD_INDEX("model.safetensors.index.json"),
    TORCH("pytorch_model.bin"),
    ONNX("model.onnx"),
    /** What ONNX Runtime runs. */
    GRAPH("graph.onnx"),
    BUNDLE_INDEX("variables.index"),
    /** An entry of that index, whose checksums would keep changed bytes out. */
    BUNDLE_ENTRY("variables.index"),
    ARCHIVE("model.zip"),
    CHECKPOINT("checkpoint"),
    TOKENIZER("tokenizer.json"),
    TOKENIZER_CONFIG("tokenizer_config.json"),
    VOCABULARY("vocab.txt"),
    BYTE_VOCABULARY("vocab.json"),
    MERGES("merges.txt"),
    /** SentencePiece's unigrams. */
    PIECES("spiece.model"),
    /** SentencePiece's BPE. */
    JOINED_PIECES("tokenizer.model"),
    ADDED_TOKENS("added_tokens.json"),
    TSV("data.tsv"),
    CSV("data.csv"),
    JSONL("data.jsonl"),
    GZIP("data.tsv.gz"),
    CONLL("data.conll"),
    TAGGED_JSONL("words.jsonl"),
    QUESTIONS("data.json"),
    CHOICES("choices.jsonl"),
    ARGUMENTS("training_args.json"),
    METRICS("metrics.jsonl"),
    TOKEN_LENGTHS("token_lengths.json"),
    PREDICTIONS("predictions_test.tsv"),
    /** Of a classifier of words. */
    WORD_PREDICTIONS("predictions_test.tsv"),
    /** Of questions. */
    ANSWER_PREDICTIONS("predictions_test_nbest.jsonl"),
    /** Of choices. */
    CHOICE_PREDICTIONS("predictions_test.tsv"),
    SWEEP("sweep.json"),
    /** What somebody wants to be tried. */
    SWEEP_FILE("sweep.yaml");

    private final String path;

    HostileFile(String path) {
        this.path = path;
    }

    /** Where it lies in its folder. */
    String path() {
        return path;
    }

    /** Writes {@code file} as the fuzzer's {@code bytes} want it; {@code whole} is a folder without faults. */
    void write(byte[] bytes, Path whole, Path file) throws IOException {
        switch (this) {
            case CONFIG,
                    SHARD_INDEX,
                    TOKENIZER,
                    TOKENIZER_CONFIG,
                    BYTE_VOCABULARY,
                    ADDED_TOKENS,
                    ARGUMENTS,
                    TOKEN_LENGTHS,
                    SWEEP -> Files.write(file, JsonMutation.of(whole.resolve(path), bytes));
            case BUNDLE_ENTRY -> {
                Path apart = Files.createDirectory(file.resolveSibling("bundle"));
                TinyBundle bundle = TinyBundle.of(TinyBert.encoder(), "");
                bundle.entries.put("bert/embeddings/word_embeddings", bytes);
                Files.move(bundle.write(apart, "variables"), file);
            }
            default -> Files.write(file, bytes);
        }
    }

    /** Reads it in {@code folder}. */
    void read(Path folder) {
        Path file = folder.resolve(path);
        switch (this) {
            case CHECKPOINT ->
                CheckpointReader.read(file).all().forEach(tensor -> tensor.data()
                        .remaining());
            case GRAPH -> classify(folder);
            case ARCHIVE -> CheckpointArchive.unpack(file, folder.resolve("unpacked"));
            case TOKENIZER,
                    TOKENIZER_CONFIG,
                    VOCABULARY,
                    BYTE_VOCABULARY,
                    MERGES,
                    PIECES,
                    JOINED_PIECES,
                    ADDED_TOKENS -> tokenize(folder);
            case TSV, CSV, JSONL, GZIP -> DatasetReader.read(file, ReadOptions.DEFAULTS, null);
            case CONLL, TAGGED_JSONL -> {
                WordLabelReader.reads(file, ReadOptions.DEFAULTS);
                WordLabelReader.read(file, ReadOptions.DEFAULTS, null);
            }
            case QUESTIONS -> {
                QuestionReader.reads(file);
                QuestionReader.read(file);
            }
            case CHOICES -> {
                Datasets.holdChoices(file.toString(), ReadOptions.DEFAULTS);
                Datasets.choices(file.toString(), ReadOptions.DEFAULTS);
            }
            case ARGUMENTS,
                    METRICS,
                    TOKEN_LENGTHS,
                    PREDICTIONS,
                    WORD_PREDICTIONS,
                    ANSWER_PREDICTIONS,
                    CHOICE_PREDICTIONS -> describe(Run.read(folder, "x"));
            case SWEEP -> {
                SweepText.lines(SweepRuns.read(folder));
            }
            case SWEEP_FILE -> SweepFile.read(file);
            default -> PretrainedModel.load(folder);
        }
    }

    private static void tokenize(Path folder) {
        try (TextTokenizer tokenizer = TextTokenizer.load(folder, 16)) {
            tokenizer.encodeWords(List.of("", "cat's", " ", "\ud800"));
            tokenizer.encode("The cat's café runs 中 \u0000.", "it \ud800");
        }
    }

    private static void classify(Path folder) {
        try (TrainedModel trained = TrainedModel.open(folder, 1)) {
            long[] ids = {1, 2, 3, 4, 5, 0};
            trained.outputs(Batch.of(2, 3, ids, new long[] {1, 1, 1, 1, 1, 0}, new long[6], new long[2], new int[2]));
        }
    }

    private static void describe(Run run) {
        new ModelCard(run, run.judged() == null ? null : Scores.of(run.judged())).markdown();
    }

    /** Writes a folder with the whole file and what belongs to it. */
    void writeWhole(Path folder) throws IOException {
        Files.createDirectories(folder);
        switch (this) {
            case CONFIG, WEIGHTS -> TinyBert.folder(folder, TinyBert.encoder());
            case SHARD_INDEX -> sharded(folder);
            case TORCH -> {
                Files.writeString(folder.resolve("config.json"), TinyBert.CONFIG);
                Files.write(folder.resolve(path), TinyTorch.file(TinyBert.encoder()));
            }
            case ONNX -> {
                Files.writeString(folder.resolve("config.json"), TinyBert.CONFIG);
                TinyOnnx.write(folder, TinyOnnx.graph(TinyBert.encoder(), true));
            }
            case GRAPH -> classifier(folder);
            case BUNDLE_INDEX, BUNDLE_ENTRY, ARCHIVE -> {
                Files.writeString(folder.resolve("config.json"), TinyBert.CONFIG);
                TinyBundle.of(TinyBert.encoder(), "").write(folder, "variables");
            }
            case CHECKPOINT -> Checkpoint.write(folder.resolve(path), new Weights("whole", TinyBert.encoder()));
            case TOKENIZER, TOKENIZER_CONFIG, VOCABULARY -> tokenizer(folder);
            case ARGUMENTS, METRICS, TOKEN_LENGTHS, PREDICTIONS ->
                new WrittenRun(folder, 1)
                        .arguments(WrittenRun.TWO)
                        .history(3, true)
                        .lengths()
                        .predictions("test", 5, WrittenRun.TWO);
            case WORD_PREDICTIONS -> WrittenTokenRun.write(folder, 0.8, 1);
            case ANSWER_PREDICTIONS -> WrittenAnswerRun.write(folder, 0.8, 1);
            case BYTE_VOCABULARY, MERGES -> byteLevel(folder);
            case PIECES -> pieces("albert", folder);
            case JOINED_PIECES -> pieces("any-bpe", folder);
            case ADDED_TOKENS -> pieces("llama-added", folder);
            case CHOICE_PREDICTIONS -> {
                Files.writeString(
                        folder.resolve("training_args.json"), "{\"task\":\"multiple-choice\",\"max_length\":128}");
                Files.writeString(folder.resolve(path), """
                        sentence\tpair\tchoice_0\tchoice_1\tchoice_2\tlogit_0\tlogit_1\tlogit_2\tprediction\tlabel
                        a\tb\tc\td\te\t1\t2\t3\t2\t0
                        f\tg\th\ti\t\t1.5\t-2\t\t0\t0
                        """);
            }
            case SWEEP -> Files.writeString(folder.resolve(path), """
                        {"format": 1, "varied": ["learning-rate"], "trials": [
                         {"name": "learning-rate=1e-3,seed=42", "setting": {"learning-rate": "1e-3"}, "seed": 42,
                          "options": ["--learning-rate=1e-3"], "state": "failed", "seconds": 1.5, "last_lines": ["x"]},
                         {"name": "learning-rate=1e-4,seed=42", "setting": {"learning-rate": "1e-4"}, "seed": 42,
                          "options": [], "state": "complete", "seconds": 2}]}
                        """);
            case SWEEP_FILE -> Files.writeString(folder.resolve(path), """
                        train: {pretrained: a, train: builtin}
                        grid:
                          batch-size: [8, "16"]
                        random: {samples: 2, options: {learning-rate: {log-uniform: [1e-5, 1e-3]}, schedule: [linear]}}
                        successive-halving: {eta: 2, rungs: [10%, 50%]}
                        seeds: [1, 2]
                        """);
            case TSV, CSV, JSONL, GZIP, CONLL, TAGGED_JSONL, QUESTIONS, CHOICES -> {}
        }
    }

    private static void classifier(Path folder) throws IOException {
        PretrainedModel model = PretrainedModel.load(TinyBert.folder(folder, TinyBert.encoder()));
        Network network = Berts.classifier(model.architecture(), 2);
        Safetensors.write(
                folder.resolve("model.safetensors"),
                model.withFreshHead(network, 1).weights().all(),
                Map.of());
        Files.write(
                folder.resolve("config.json"),
                JsonFile.bytes(ClassifierConfig.of(model, network, Labels.numbered(2), new TextClassification())));
        OnnxFile.write(network.plain(), folder.resolve("graph.onnx"));
    }

    private static void byteLevel(Path folder) throws IOException {
        Files.writeString(
                folder.resolve("vocab.json"), "{\"<s>\":0,\"<pad>\":1,\"</s>\":2,\"a\":3,\"t\":4,\"at\":5,\"Ġ\":6}");
        Files.writeString(folder.resolve("merges.txt"), "#version: 0.2\na t\n");
        Files.writeString(folder.resolve("config.json"), "{\"model_type\":\"roberta\"}");
    }

    /** What SentencePiece trained, small as it is. */
    private static void pieces(String golden, Path folder) throws IOException {
        try (Stream<Path> files = Files.list(Path.of("src/test/resources/golden/sentencepiece", golden))) {
            for (Path file : files.toList()) {
                Files.copy(file, folder.resolve(file.getFileName().toString()));
            }
        }
    }

    private static void sharded(Path folder) throws IOException {
        TinyBert.folder(folder, TinyBert.encoder());
        Files.move(folder.resolve("model.safetensors"), folder.resolve("a.safetensors"));
        StringBuilder index = new StringBuilder("{\"metadata\": {}, \"weight_map\": {");
        for (Tensor tensor : TinyBert.encoder()) {
            index.append('"').append(tensor.name()).append("\": \"a.safetensors\",");
        }
        index.setLength(index.length() - 1);
        Files.writeString(folder.resolve("model.safetensors.index.json"), index + "}}");
    }

    private void tokenizer(Path folder) throws IOException {
        String vocabulary = "[PAD] [UNK] [CLS] [SEP] [MASK] the cat cafe it ' ##s .".replace(' ', '\n');
        Path file = Files.writeString(folder.resolve("vocab.txt"), vocabulary);
        Files.writeString(folder.resolve("tokenizer_config.json"), "{\"do_lower_case\": true}");
        if (this == TOKENIZER) {
            Files.writeString(
                    folder.resolve("tokenizer.json"),
                    dev.ortune.trainer.text.VocabFile.toTokenizerJson(file, true)
                            .toString());
        }
    }
}
