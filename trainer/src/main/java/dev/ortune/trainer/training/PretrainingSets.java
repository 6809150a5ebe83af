package dev.ortune.trainer.training;

import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.corpus.Corpus;
import dev.ortune.trainer.corpus.CorpusBatches;
import dev.ortune.trainer.corpus.Labelling;
import dev.ortune.trainer.corpus.SequenceFile;
import dev.ortune.trainer.corpus.SequenceRange;
import dev.ortune.trainer.data.Batch;
import dev.ortune.trainer.report.DatasetSummary;
import dev.ortune.trainer.report.MaskedWords;
import dev.ortune.trainer.report.Metric;
import dev.ortune.trainer.text.TextTokenizer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The texts of a run as tokens on disk. Their files are of no use once it is over.
 *
 * @param train to train on
 * @param validation to choose the best checkpoint by; null for none
 * @param labelling what is asked of each token
 * @param padId token id of padding
 */
record PretrainingSets(SequenceRange train, SequenceRange validation, Labelling labelling, int padId)
        implements AutoCloseable {
    /** Bits by which what is drawn of the validation set is other than the training set's. */
    private static final long VALIDATION = 0x76616c6964L;

    /**
     * Tokenises all files.
     *
     * @param length tokens of a sequence at most
     * @param seed of pairs of texts
     * @param folder where the tokens go
     */
    static PretrainingSets of(
            CorpusArguments data,
            PretrainingObjective objective,
            TextTokenizer tokenizer,
            int length,
            long seed,
            Path folder,
            StopRequest stop) {
        Labelling labelling = objective.labelling(tokenizer);
        Corpus.Recipe recipe = new Corpus.Recipe(form(data, objective), length, labelling, seed);
        Encoder encoder = (files, name) ->
                Corpus.encode(files, data.column(), recipe, tokenizer, folder.resolve(name), stop::check);
        SequenceFile train = encoder.encode(data.train(), "train.tokens");
        SequenceRange all = SequenceRange.of(named(data.train()), train);
        requireSequences(all, recipe.form(), length);
        if (!data.validation().isEmpty()) {
            SequenceRange validation =
                    SequenceRange.of(named(data.validation()), encoder.encode(data.validation(), "validation.tokens"));
            requireSequences(validation, recipe.form(), length);
            return new PretrainingSets(all, validation, labelling, tokenizer.padId());
        }
        int held = (int) Math.ceil(data.split() * all.size());
        if (held == 0) {
            return new PretrainingSets(all, null, labelling, tokenizer.padId());
        }
        if (held == all.size()) {
            throw new OrtuneException(
                    all.name() + ": gives " + all.size()
                            + (all.size() == 1 ? " sequence" : " sequences")
                            + ", too few to split a validation set off; --validation names one, --validation-split 0 does without");
        }
        int border = all.size() - held;
        return new PretrainingSets(
                new SequenceRange(all.name(), train, 0, border),
                new SequenceRange(all.name(), train, border, all.size()),
                labelling,
                tokenizer.padId());
    }

    private static Corpus.Form form(CorpusArguments data, PretrainingObjective objective) {
        if (objective.nextSentence()) {
            return Corpus.Form.PAIRS;
        }
        return data.lineByLine() ? Corpus.Form.LINES : Corpus.Form.BLOCKS;
    }

    @FunctionalInterface
    private interface Encoder {
        SequenceFile encode(List<Path> files, String name);
    }

    private static String named(List<Path> files) {
        return files.stream().map(Path::toString).collect(Collectors.joining(", "));
    }

    private static void requireSequences(SequenceRange range, Corpus.Form form, int length) {
        if (range.size() == 0) {
            throw new OrtuneException(range.name()
                    + (form != Corpus.Form.BLOCKS
                            ? ": has no text"
                            : ": has too little text for a block of " + length
                                    + " tokens; --line-by-line or a smaller --max-length take less"));
        }
    }

    /** For the loop. */
    LoopData loop(TrainingArguments arguments, boolean pairs) {
        int size = arguments.batches().size();
        long seed = arguments.seed();
        CorpusBatches batches = new CorpusBatches(train, labelling, seed, true, size, padId, pairs);
        LoopData.Validation held = validation == null
                ? null
                : model -> MaskedWords.of(
                        new CorpusBatches(validation, labelling, seed ^ VALIDATION, false, size, padId, pairs), model);
        return new LoopData(batches, PretrainingSets::labelled, held, Metric.PERPLEXITY);
    }

    /** The loss is a mean over the tokens that have a label. */
    private static double labelled(Batch batch) {
        return Arrays.stream(batch.labels()).filter(label -> label >= 0).count();
    }

    /** In numbers, by role. */
    Map<String, DatasetSummary> summaries() {
        Map<String, DatasetSummary> result = new LinkedHashMap<>();
        result.put("train", summary(train));
        if (validation != null) {
            result.put("validation", summary(validation));
        }
        return result;
    }

    private static DatasetSummary summary(SequenceRange range) {
        SequenceFile.Counts counts = range.file().counts();
        return DatasetSummary.ofSequences(
                range.name(),
                range.size(),
                (double) counts.tokens() / counts.sequences(),
                counts.longest(),
                counts.truncated());
    }

    @Override
    public void close() {
        train.file().delete();
        if (validation != null && validation.file() != train.file()) {
            validation.file().delete();
        }
    }
}
