package dev.ortune.trainer.cli;

import dev.ortune.trainer.model.Bert;
import dev.ortune.trainer.model.Berts;
import dev.ortune.trainer.model.EncoderConfig.Size;
import dev.ortune.trainer.model.Parameter;
import dev.ortune.trainer.pretrained.PretrainedModel;
import dev.ortune.trainer.pretrained.Safetensors;
import dev.ortune.trainer.pretrained.Tensor;
import dev.ortune.trainer.pretrained.TinyBundle;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** A random BERT of 2 layers and width 32, and sentences that it can learn to tell apart in a few steps. */
final class TinyModel {
    static final int POSITIONS = 128;

    private static final String CONFIG = """
            {"model_type": "bert", "vocab_size": 16, "hidden_size": 32, "num_hidden_layers": 2,
             "num_attention_heads": 4, "intermediate_size": 64, "max_position_embeddings": 128}
            """;
    private static final Bert SHAPE = Berts.bert(new Size(16, 32, 2, 4, 64, POSITIONS, 2));
    private static final List<String> WORDS = List.of(
            "[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "the", "cat", "dog", "sleeps", "sleep", "runs", "run", ".",
            "well", "not", "unused");

    private TinyModel() {}

    /** A pretrained encoder without pooler and head. */
    static Path write(Path folder) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("config.json"), CONFIG);
        Files.writeString(folder.resolve("vocab.txt"), String.join("\n", WORDS) + "\n");
        Random random = new Random(7);
        List<Tensor> tensors = SHAPE.bodyParameters().stream()
                .map(spec -> tensor(spec, random))
                .toList();
        Safetensors.write(folder.resolve("model.safetensors"), tensors, Map.of());
        return folder;
    }

    /** What {@link #write} wrote, as one of Google's zips. */
    static Path archive(Path model, Path zip) throws IOException {
        Path bundle = Files.createTempDirectory(zip.getParent(), "bundle");
        TinyBundle.of(PretrainedModel.load(model).weights().all(), "").write(bundle, "bert_model.ckpt");
        Files.copy(model.resolve("config.json"), bundle.resolve("bert_config.json"));
        Files.copy(model.resolve("vocab.txt"), bundle.resolve("vocab.txt"));
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(zip));
                DirectoryStream<Path> files = Files.newDirectoryStream(bundle)) {
            for (Path file : files) {
                out.putNextEntry(new ZipEntry(file.getFileName().toString()));
                Files.copy(file, out);
            }
        }
        return zip;
    }

    /** So many sentences with a header: those with a verb in the singular have label 1. */
    static Path sentences(Path file, int count) throws IOException {
        StringBuilder text = new StringBuilder("sentence\tlabel\n");
        Random random = new Random(11);
        for (int i = 0; i < count; i++) {
            boolean good = random.nextBoolean();
            String noun = random.nextBoolean() ? "cat" : "dog";
            String verb = random.nextBoolean() ? "sleep" : "run";
            String tail = random.nextInt(3) == 0 ? " well" : "";
            text.append("the ").append(noun).append(' ').append(verb).append(good ? "s" : "");
            text.append(tail).append(" .\t").append(good ? 1 : 0).append('\n');
        }
        return Files.writeString(file, text);
    }

    private static Tensor tensor(Parameter spec, Random random) {
        float[] values = new float[(int) spec.elements()];
        boolean ones = spec.name().endsWith("LayerNorm.weight");
        for (int i = 0; i < values.length; i++) {
            values[i] = ones ? 1 : spec.name().endsWith("bias") ? 0 : (float) (random.nextGaussian() * 0.1);
        }
        return new Tensor(spec.name(), spec.sizes(), FloatBuffer.wrap(values));
    }
}
