package dev.ortune.trainer.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.text.Pieces;
import dev.ortune.trainer.text.TextTokenizer;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CorpusTest {
    private static final String TEXT = "The cats run.\n\nit runs\n  \n the cat's running \n";

    @TempDir
    private Path folder;

    @BeforeEach
    void vocabulary() throws IOException {
        Files.writeString(
                folder.resolve("vocab.txt"),
                "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nthe\ncat\nit\nrun\n##s\n##ning\n.\n'\ns\n");
    }

    /** As run_mlm has it: [CLS] and [SEP] around each line, all in one row, and what is left over is left out. */
    @Test
    void blocksAreCutFromOneRow() throws IOException {
        Path file = Files.writeString(folder.resolve("a.txt"), TEXT);
        assertThat(ids(Corpus.Form.BLOCKS, 6, file)).containsExactly("2 5 6 9 8 11", "3 2 7 8 9 3", "2 5 6 12 13 8");
    }

    @Test
    void linesAreCutOffBeforeTheirLastToken() throws IOException {
        Path file = Files.writeString(folder.resolve("a.txt"), TEXT + "unknown\n");
        assertThat(ids(Corpus.Form.LINES, 6, file)).containsExactly("2 5 6 9 8 3", "2 7 8 9 3", "2 5 6 12 13 3");
    }

    @Test
    void wordsGoOnWhereTheTextHasNoGap() throws IOException {
        Path file = Files.writeString(folder.resolve("a.txt"), TEXT);
        assertThat(continued(file)).containsExactly("0001010", "00010", "00011010");
    }

    @Test
    void otherFilesGiveTheSame() throws IOException {
        Path plain = Files.writeString(folder.resolve("a.txt"), TEXT);
        Path packed = folder.resolve("b.txt.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(packed))) {
            out.write(TEXT.getBytes(StandardCharsets.UTF_8));
        }
        Path json = Files.writeString(
                folder.resolve("c.jsonl"),
                "{\"text\": \"The cats run.\\n\\nit runs\"}\n{\"text\": \"the cat's running\", \"n\": 1}\n");
        List<String> expected = ids(Corpus.Form.LINES, 9, plain);
        assertThat(ids(Corpus.Form.LINES, 9, packed)).isEqualTo(expected);
        assertThat(ids(Corpus.Form.LINES, 9, json)).isEqualTo(expected);
        List<String> twice = new ArrayList<>(expected);
        twice.addAll(expected);
        assertThat(ids(Corpus.Form.LINES, 9, plain, packed)).isEqualTo(twice);
    }

    /** More than several threads are given at once, with a document's end behind the last of 1,024 and in their middle. */
    @Test
    void manyTextsKeepTheirOrder() throws IOException {
        StringBuilder text = new StringBuilder();
        List<String> expected = new ArrayList<>();
        SplittableRandom random = new SplittableRandom(42);
        for (int i = 1; i <= 20_000; i++) {
            int words = 1 + random.nextInt(3);
            // "the" is 5, "it" 7.
            text.append("the ".repeat(words)).append("it\n");
            expected.add("2 " + "5 ".repeat(words) + "7 3");
            if (i % 1024 == 0 || i % 1000 == 0) {
                text.append("\n");
                expected.add("4");
            }
        }
        Path file = Files.writeString(folder.resolve("a.txt"), text);
        List<String> rows = ids(tokenizer -> new NextTokens(4), Corpus.Form.BLOCKS, 8, file);
        String[] all = String.join(" ", expected).split(" ");
        String[] full = Arrays.copyOf(all, all.length - all.length % 8);
        assertThat(String.join(" ", rows)).isEqualTo(String.join(" ", full));
    }

    /** No thread is at the tokenizer any more when the call has ended, so that it can be closed. */
    @Test
    void aPauseEndsIt() throws IOException {
        Path file = Files.writeString(folder.resolve("a.txt"), "the cats run\n".repeat(50_000));
        try (TextTokenizer tokenizer = TextTokenizer.load(folder, 8)) {
            int[] pauses = {0};
            Runnable pause = () -> {
                if (++pauses[0] == 20) {
                    throw new OrtuneException("enough");
                }
            };
            Corpus.Recipe recipe = new Corpus.Recipe(Corpus.Form.BLOCKS, 8, new NextTokens(4), 42);
            assertThatThrownBy(() ->
                            Corpus.encode(List.of(file), "text", recipe, tokenizer, folder.resolve("x.tokens"), pause))
                    .hasMessage("enough");
        }
    }

    @Test
    void faultsNameFileAndLine() throws IOException {
        Path json = Files.writeString(folder.resolve("c.jsonl"), "{\"text\": \"it runs\"}\n{\"body\": 1}\n");
        assertThatThrownBy(() -> ids(Corpus.Form.LINES, 9, json))
                .isInstanceOf(OrtuneException.class)
                .hasMessage(json + ", line 2: has no text under \"text\"; --text-column names another key");
        Path none = folder.resolve("none.txt");
        assertThatThrownBy(() -> ids(Corpus.Form.LINES, 9, none))
                .isInstanceOf(OrtuneException.class)
                .hasMessage(none + ": no such file");
        assertThatThrownBy(() -> ids(Corpus.Form.LINES, 9, folder))
                .isInstanceOf(OrtuneException.class)
                .hasMessage(folder + ": a folder, not a file of text");
    }

    private List<String> ids(Corpus.Form form, int length, Path... files) {
        return ids(tokenizer -> masking(tokenizer, false), form, length, files);
    }

    private List<String> ids(
            Function<TextTokenizer, Labelling> labelling, Corpus.Form form, int length, Path... files) {
        return sequences(labelling, form, length, files).stream()
                .map(tokens -> String.join(
                        " ",
                        Arrays.stream(tokens)
                                .mapToObj(token -> String.valueOf(Pieces.id(token)))
                                .toList()))
                .toList();
    }

    private List<String> continued(Path file) {
        return sequences(tokenizer -> masking(tokenizer, true), Corpus.Form.LINES, 20, file).stream()
                .map(tokens -> String.join(
                        "",
                        Arrays.stream(tokens)
                                .mapToObj(token -> Pieces.continues(token) ? "1" : "0")
                                .toList()))
                .toList();
    }

    private static Labelling masking(TextTokenizer tokenizer, boolean wholeWords) {
        return new Masking(
                0.15, wholeWords, tokenizer.maskId().orElseThrow(), tokenizer.vocabSize(), tokenizer.specialIds());
    }

    private List<int[]> sequences(
            Function<TextTokenizer, Labelling> labelling, Corpus.Form form, int length, Path... files) {
        try (TextTokenizer tokenizer = TextTokenizer.load(folder, length)) {
            Path to = folder.resolve("x.tokens");
            Corpus.Recipe recipe = new Corpus.Recipe(form, length, labelling.apply(tokenizer), 42);
            SequenceFile file = Corpus.encode(List.of(files), "text", recipe, tokenizer, to, () -> {});
            List<int[]> all = new ArrayList<>();
            for (int i = 0; i < file.counts().sequences(); i++) {
                all.add(file.read(i).tokens());
            }
            file.delete();
            return all;
        }
    }
}
