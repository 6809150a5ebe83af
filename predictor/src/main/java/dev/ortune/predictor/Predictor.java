package dev.ortune.predictor;

import dev.ortune.predictor.batch.Prediction;
import dev.ortune.predictor.files.Printable;
import dev.ortune.predictor.model.InferenceOptions;
import dev.ortune.predictor.model.ModelFolder;
import dev.ortune.predictor.model.ServedModel;
import dev.ortune.predictor.model.VersionFolder;
import dev.ortune.predictor.task.FillMask;
import dev.ortune.predictor.task.MultipleChoice;
import dev.ortune.predictor.task.QuestionAnswering;
import dev.ortune.predictor.task.Task;
import dev.ortune.predictor.text.EncodedText;
import dev.ortune.predictor.text.Truncation;
import dev.ortune.predictor.text.Windows;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;

/**
 * A model that {@code ortune export} has written, or another exporter in the same form, ready to answer.
 *
 * <pre>{@code
 * try (Predictor predictor = Predictor.open(Path.of("models/mine"))) {
 *     LabelScores verdict = predictor.classify("They no go to the movies.");
 *     System.out.println(verdict.label() + " " + verdict.score());
 * }
 * }</pre>
 *
 * <p>Safe for any number of threads: texts that come at the same time run together in batches of like lengths. Many texts are best
 * given in one call of {@link #predict(List)} or {@link #submit}, which take any number of them and keep no more than a bounded
 * number under way. Answers are those of transformers' pipelines.
 *
 * <p>An input that cannot be answered, such as a question without a context, is a {@link RequestException}; an {@link
 * OrtuneException} says what is wrong with a model's files.
 */
public final class Predictor implements AutoCloseable {
    /** Texts that are tokenised before they are sent: enough for batches of like lengths, and few enough to begin soon. */
    private static final int ROUND = 64;

    private final ServedModel model;
    private final Truncation truncation;
    private final GenerationParameters generation;
    private final int most;
    /** For each text that waits or runs. */
    private final Semaphore room;

    private final ReadWriteLock use = new ReentrantReadWriteLock();
    private boolean closed;

    private Predictor(
            ServedModel model, InferenceOptions inference, boolean truncate, GenerationParameters generation) {
        this.model = model;
        this.truncation = truncate ? model.truncation() : Truncation.NONE;
        this.generation = generation;
        this.most = inference.batches().maxConcurrentRequests();
        this.room = new Semaphore(most, true);
    }

    /**
     * Loads a model with the usual options: the file that is fastest on this machine, on a GPU where there is one, and on all cores.
     *
     * @param model a folder with {@code config.json}, {@code tokenizer.json} and {@code onnx/}, or one whose folders are versions
     * @throws OrtuneException when a file is missing or broken; its message names it
     */
    public static Predictor open(Path model) {
        return builder(model).open();
    }

    /** Options for a model that is to be loaded. */
    public static PredictorBuilder builder(Path model) {
        return new PredictorBuilder(model);
    }

    /** With the options of Ortune's own modules. */
    public static Predictor open(
            VersionFolder version, InferenceOptions inference, boolean truncate, GenerationParameters generation) {
        return new Predictor(ServedModel.open(version, inference), inference, truncate, generation);
    }

    /** The model's name: that of its folder. */
    public String name() {
        return model.name();
    }

    /** What it was trained for, as the Hugging Face hub names it, such as {@code text-classification}. */
    public String task() {
        return info().task().pipelineTag();
    }

    /** Names of the labels in the order of their ids; none where the task has none. */
    public List<String> labels() {
        return info().labels();
    }

    /** The most tokens of a text, special ones included. */
    public int maxLength() {
        return info().maxLength();
    }

    /** The ONNX file that answers. */
    public Path file() {
        return info().file();
    }

    /** The numbers that it computes with, such as {@code int8}. */
    public String precision() {
        return info().precision();
    }

    /** Where it runs and why, for people. */
    public String device() {
        return model.device().toString();
    }

    /** Whether it takes {@link Choices}; every other model takes {@link TextInput}s. */
    public boolean choosesTexts() {
        return info().task() instanceof MultipleChoice;
    }

    private ModelFolder info() {
        return model.info();
    }

    /** The labels' scores of a text. */
    public LabelScores classify(String text) {
        return ask(TextInput.of(text), LabelScores.class);
    }

    /** The labels' scores of a pair of texts. */
    public LabelScores classify(String text, String pair) {
        return ask(new TextInput(text, pair), LabelScores.class);
    }

    /** The entities in a text, of a model that labels words. */
    public TokenEntities entities(String text) {
        return ask(TextInput.of(text), TokenEntities.class);
    }

    /** The likeliest answer to a question in a context of any length. */
    public SpanAnswers answer(String question, String context) {
        return ask(new TextInput(question, context), SpanAnswers.class);
    }

    /**
     * Several answers to a question.
     *
     * @param topK how many at most
     */
    public SpanAnswers answer(String question, String context, int topK) {
        List<TextInput> one = List.of(new TextInput(question, context));
        return as(SpanAnswers.class, ended(submit(one, topK).get(0)));
    }

    /** Which of several texts goes best with another. */
    public ChosenText choose(Choices choices) {
        return ask(choices, ChosenText.class);
    }

    /** What may stand behind the masks of a text, five for each. */
    public MaskFillings fillMasks(String text) {
        return ask(TextInput.of(text), MaskFillings.class);
    }

    /** Goes on with a text. */
    public GeneratedText generate(String text) {
        return ask(TextInput.of(text), GeneratedText.class);
    }

    /** Goes on with a text in a way of its own. */
    public GeneratedText generate(String text, GenerationParameters parameters) {
        return (GeneratedText) ended(written(TextInput.of(text), parameters));
    }

    /** Answers one input. */
    public Answer predict(Input input) {
        return ended(submit(List.of(input)).get(0));
    }

    /**
     * Answers inputs, in their order.
     *
     * @throws RequestException when one of them cannot be answered
     */
    public List<Answer> predict(List<? extends Input> inputs) {
        return submit(inputs).stream().map(Predictor::ended).toList();
    }

    /**
     * Answers inputs as they get their turn. Returns when all have been tokenised and are under way; of more than may wait the first
     * have been answered by then.
     *
     * @return an answer each, in their order; one that cannot be answered fails with a {@link RequestException}
     */
    public List<CompletableFuture<Answer>> submit(List<? extends Input> inputs) {
        return submit(inputs, 1);
    }

    /**
     * The same with several answers to a question.
     *
     * @param topK how many to each at most
     */
    public List<CompletableFuture<Answer>> submit(List<? extends Input> inputs, int topK) {
        List<Supplier<CompletableFuture<Answer>>> answers = new ArrayList<>(inputs.size());
        List<Inquiry> round = new ArrayList<>();
        int texts = 0;
        for (Input input : inputs) {
            if (model.writes()) {
                CompletableFuture<Answer> written = written(input, generation);
                answers.add(() -> written);
                continue;
            }
            try {
                Inquiry inquiry = reading(() -> inquiry(input, topK));
                answers.add(inquiry::answer);
                round.add(inquiry);
                texts += inquiry.texts().size();
            } catch (RequestException e) {
                answers.add(() -> CompletableFuture.failedFuture(e));
            }
            if (texts >= ROUND) {
                send(round);
                round.clear();
                texts = 0;
            }
        }
        send(round);
        return answers.stream().map(Supplier::get).toList();
    }

    private <A extends Answer> A ask(Input input, Class<A> type) {
        return as(type, predict(input));
    }

    private <A extends Answer> A as(Class<A> type, Answer answer) {
        if (!type.isInstance(answer)) {
            throw refused("the model is for " + task() + ": it gives no " + type.getSimpleName());
        }
        return type.cast(answer);
    }

    private static Answer ended(CompletableFuture<? extends Answer> answer) {
        try {
            return answer.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw e;
        }
    }

    /** Tokens are made while nobody closes the tokenizer. */
    private <T> T reading(Supplier<T> work) {
        use.readLock().lock();
        try {
            if (closed) {
                throw new IllegalStateException(name() + ": the predictor is closed");
            }
            return work.get();
        } finally {
            use.readLock().unlock();
        }
    }

    private Inquiry inquiry(Input input, int topK) {
        Task task = info().task();
        if (task instanceof MultipleChoice choosing) {
            if (!(input instanceof Choices choices)) {
                throw refused("the model chooses one of several texts, which have to be given");
            }
            return new Inquiry(
                    model.encode(choices.pairs(), truncation),
                    predictions -> choosing.answer(choices.choices(), predictions));
        }
        if (!(input instanceof TextInput text)) {
            throw refused("the model is for " + task() + ": it takes no choices");
        }
        if (task instanceof QuestionAnswering answering) {
            return question(answering, text, topK);
        }
        if (task.namesTokens() && text.pair() != null) {
            throw refused("the model classifies tokens of single texts; it takes no pairs");
        }
        if (task instanceof FillMask masks) {
            String mask = masks.vocabulary().mask();
            if (text.pair() != null || !text.text().contains(mask)) {
                throw refused("the model fills " + mask + " in single texts, but one is without: "
                        + Printable.of(text.text()));
            }
        }
        return new Inquiry(model.encode(List.of(text), truncation), predictions -> model.answer(predictions.get(0)));
    }

    private Inquiry question(QuestionAnswering answering, TextInput question, int topK) {
        if (question.pair() == null) {
            throw refused("the model answers questions from contexts: it takes pairs of the two");
        }
        QuestionAnswering.Choice choice = QuestionAnswering.Choice.USUAL.withTopK(topK);
        Windows windows = Windows.of(Math.min(maxLength(), Windows.LENGTH));
        return new Inquiry(
                model.windows(question, 0, windows),
                predictions -> answering.answer(question.pair(), predictions, choice));
    }

    private static RequestException refused(String message) {
        return new RequestException(ErrorType.BAD_REQUEST, message);
    }

    /** Sends all texts of some inquiries, as many at a time as there is room for. */
    private void send(List<Inquiry> inquiries) {
        List<Inquiry> of = new ArrayList<>();
        List<EncodedText> texts = new ArrayList<>();
        for (Inquiry inquiry : inquiries) {
            for (EncodedText text : inquiry.texts()) {
                of.add(inquiry);
                texts.add(text);
            }
        }
        int size = Math.min(ROUND, most);
        for (int start = 0; start < texts.size(); start += size) {
            int end = Math.min(texts.size(), start + size);
            List<CompletableFuture<Prediction>> running = submitted(texts.subList(start, end));
            for (int i = start; i < end; i++) {
                of.get(i).predictions().add(running.get(i - start).whenComplete((done, failure) -> room.release()));
            }
        }
    }

    private List<CompletableFuture<Prediction>> submitted(List<EncodedText> texts) {
        room.acquireUninterruptibly(texts.size());
        try {
            return model.submit(texts);
        } catch (RequestException e) {
            return texts.stream()
                    .map(text -> CompletableFuture.<Prediction>failedFuture(e))
                    .toList();
        }
    }

    private CompletableFuture<Answer> written(Input input, GenerationParameters parameters) {
        if (!(input instanceof TextInput text) || text.pair() != null) {
            return CompletableFuture.failedFuture(refused("the model goes on with single texts; it takes no others"));
        }
        room.acquireUninterruptibly();
        try {
            return reading(() -> model.generate(text.text(), parameters))
                    .whenComplete((whole, failure) -> room.release())
                    .thenApply(whole -> whole);
        } catch (RequestException e) {
            room.release();
            return CompletableFuture.failedFuture(e);
        }
    }

    /** Answers what is under way and lets the model go; who asks afterwards gets an {@link IllegalStateException}. */
    @Override
    public void close() {
        use.writeLock().lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
        } finally {
            use.writeLock().unlock();
        }
        model.close();
    }
}
