package dev.ortune.trainer.cli;

import dev.ortune.trainer.FolderTree;
import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.StagedFolder;
import dev.ortune.trainer.corpus.TokenizerTraining;
import dev.ortune.trainer.text.TokenizerFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ortune tokenizer}: a vocabulary learnt from texts. */
@Command(
        name = "tokenizer",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Learn a tokenizer from texts, for a model that is pre-trained from scratch.",
        footer = {
            "",
            "Example:",
            "  ortune tokenizer --kind wordpiece --vocab-size 8000 --train notes.txt --out models/pretrained/notes-tokenizer"
        })
public final class TokenizerCommand implements Callable<Integer> {
    private static final int LONGEST = 512;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--kind",
            required = true,
            paramLabel = "NAME",
            description = "wordpiece, as BERT has it, or bpe, of bytes, as RoBERTa has it.")
    private TokenizerTraining.Kind kind;

    @Option(
            names = "--vocab-size",
            paramLabel = "N",
            description = "Tokens at most, special ones included (default: ${DEFAULT-VALUE}).")
    private int size = 30_000;

    @Option(
            names = "--train",
            required = true,
            arity = "1..*",
            split = ",",
            paramLabel = "FILE",
            description = "Texts to learn from: plain text, or .jsonl; also with .gz.")
    private List<Path> train;

    @Option(
            names = "--text-column",
            paramLabel = "KEY",
            description = "The key of the text in JSON lines (default: ${DEFAULT-VALUE}).")
    private String textColumn = "text";

    @Option(
            names = "--min-frequency",
            paramLabel = "N",
            description = "Occurrences of what becomes a token (default: ${DEFAULT-VALUE}).")
    private long least = 2;

    @Option(names = "--cased", description = "WordPieces of texts as they are, not in lower case without accents.")
    private boolean cased;

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "Folder of the new tokenizer.")
    private Path out;

    @Override
    public Integer call() throws IOException {
        TokenizerTraining training = Usage.check(spec, () -> new TokenizerTraining(kind, size, least, !cased));
        if (Files.exists(out)) {
            throw new OrtuneException(out + ": exists already");
        }
        Path files = Files.createTempDirectory("ortune-tokenizer");
        int tokens;
        try (StagedFolder staged = StagedFolder.of(out, "learning")) {
            staged.clear();
            tokens = training.learn(train, textColumn, files);
            TokenizerFiles.copy(files, staged.folder(), LONGEST);
            staged.publish();
        } finally {
            FolderTree.deleteAll(files);
        }
        spec.commandLine().getOut().println(out + ": " + tokens + " tokens");
        spec.commandLine().getOut().flush();
        return 0;
    }
}
