package dev.ortune.predictor.model;

import ai.onnxruntime.OrtSession;
import dev.ortune.predictor.Answer;
import dev.ortune.predictor.ErrorType;
import dev.ortune.predictor.GeneratedText;
import dev.ortune.predictor.GenerationParameters;
import dev.ortune.predictor.OrtuneException;
import dev.ortune.predictor.RequestException;
import dev.ortune.predictor.TextInput;
import dev.ortune.predictor.batch.BatchListener;
import dev.ortune.predictor.batch.BatchPlan;
import dev.ortune.predictor.batch.Batcher;
import dev.ortune.predictor.batch.Prediction;
import dev.ortune.predictor.device.Device;
import dev.ortune.predictor.files.Printable;
import dev.ortune.predictor.generation.GenerationFuture;
import dev.ortune.predictor.generation.GenerationListener;
import dev.ortune.predictor.generation.Generator;
import dev.ortune.predictor.generation.TextDecoder;
import dev.ortune.predictor.task.TextGeneration;
import dev.ortune.predictor.text.EncodedText;
import dev.ortune.predictor.text.TextToken;
import dev.ortune.predictor.text.Tokenizer;
import dev.ortune.predictor.text.Truncation;
import dev.ortune.predictor.text.Windows;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;

/** One model, ready to answer: its tokenizer, its sessions, and the batcher before them. Safe for several threads at once. */
public final class ServedModel implements AutoCloseable {
    private static final int WARM_UP_RUNS = 3;

    /** Texts that get tokens in turn; each keeps keys and values of all its tokens. */
    private static final int UNDER_WAY = 8;

    private final ModelFolder folder;
    private final Device device;
    private final Tokenizer tokenizer;
    private final Engine engine;

    /** Models that share tokenizer, sessions and batcher: one, or all adapters of a file. */
    private final AtomicInteger sharing;

    private ServedModel(ModelFolder folder, Device device, Tokenizer tokenizer, Engine engine, AtomicInteger sharing) {
        this.folder = folder;
        this.device = device;
        this.tokenizer = tokenizer;
        this.engine = engine;
        this.sharing = sharing;
    }

    /**
     * Loads a file with adapters once, as a model for each: their texts run in the same batches.
     *
     * @param adapters of one folder, one at least
     * @throws dev.ortune.predictor.OrtuneException as {@link #open}
     */
    public static List<ServedModel> openAdapters(List<VersionFolder> adapters, InferenceOptions inference) {
        List<ModelFolder> others = adapters.stream()
                .skip(1)
                .map(adapter -> ModelFolder.open(adapter, inference))
                .toList();
        List<ServedModel> models = new ArrayList<>();
        models.add(open(adapters.get(0), inference));
        others.forEach(other -> models.add(models.get(0).sharedBy(other)));
        return models;
    }

    private ServedModel sharedBy(ModelFolder other) {
        if (other.task().width() != folder.task().width()) {
            close();
            throw new OrtuneException(
                    other.folder() + ": " + other.name() + " has another number of labels than " + name());
        }
        sharing.incrementAndGet();
        return new ServedModel(other, device, tokenizer, engine, sharing);
    }

    /**
     * Loads a model and runs it a few times, so that the first request finds everything warm.
     *
     * @throws dev.ortune.predictor.OrtuneException when a file is broken, or not what another one says of it
     */
    public static ServedModel open(VersionFolder version, InferenceOptions inference) {
        ModelFolder folder = ModelFolder.open(version, inference);
        CompletableFuture<?> intact = Loading.begin(folder::requireIntact);
        CompletableFuture<Tokenizer> tokenizer = Loading.begin(() -> Tokenizer.open(
                folder.folder(),
                folder.type(),
                folder.maxLength(),
                folder.task().namesTokens()));
        ServedModel model = folder.task() instanceof TextGeneration writing
                ? writing(folder, writing, intact, tokenizer, inference)
                : answering(folder, intact, tokenizer, inference);
        try {
            model.warmUp();
            return model;
        } catch (RuntimeException | Error e) {
            model.close();
            throw e;
        }
    }

    /** One that answers texts in batches. */
    private static ServedModel answering(
            ModelFolder folder,
            CompletableFuture<?> intact,
            CompletableFuture<Tokenizer> tokenizer,
            InferenceOptions inference) {
        CompletableFuture<Sessions> sessions =
                Loading.begin(() -> Sessions.open(folder, inference.device(), inference.batches()));
        try {
            // A file that is not whole may fail in another way, too, which says less.
            Loading.end(intact);
            return of(folder, Loading.end(sessions), Loading.end(tokenizer), inference);
        } catch (RuntimeException | Error e) {
            Loading.abandon(sessions);
            Loading.abandon(tokenizer);
            throw e;
        }
    }

    /** One that writes texts. */
    private static ServedModel writing(
            ModelFolder folder,
            TextGeneration task,
            CompletableFuture<?> intact,
            CompletableFuture<Tokenizer> tokenizer,
            InferenceOptions inference) {
        CompletableFuture<TextDecoder> decoder = Loading.begin(() -> decoder(folder, task, inference));
        try {
            Loading.end(intact);
            Tokenizer opened = Loading.end(tokenizer);
            Generator generator = new Generator(
                    Loading.end(decoder),
                    ids -> opened.decode(ids, true),
                    task.ends(),
                    UNDER_WAY,
                    inference.batches().maxConcurrentRequests());
            return new ServedModel(
                    folder, inference.device(), opened, new Engine.Texts(generator), new AtomicInteger(1));
        } catch (RuntimeException | Error e) {
            Loading.abandon(decoder);
            Loading.abandon(tokenizer);
            throw e;
        }
    }

    private static TextDecoder decoder(ModelFolder folder, TextGeneration task, InferenceOptions inference) {
        int threads = inference.batches().threads();
        OrtSession decoder = Session.load(folder.chosen(), inference.device(), threads);
        if (task.goesOn()) {
            return CausalDecoder.of(folder.file(), decoder, folder.maxLength());
        }
        OrtSession encoder = Session.load(folder.encoder(), inference.device(), threads);
        return EncoderDecoder.of(
                new EncoderDecoder.Loaded(folder.encoder().path(), encoder),
                new EncoderDecoder.Loaded(folder.file(), decoder),
                task.start().getAsLong(),
                folder.maxLength());
    }

    private static ServedModel of(
            ModelFolder folder, Sessions sessions, Tokenizer tokenizer, InferenceOptions inference) {
        Session session = sessions.alone();
        BatchOptions options = inference.batches().bounded(folder.task()::batchTokens);
        session.requireFits(tokenizer::specimen);
        if (tokenizer.padsLeft() && session.prefersLeft(tokenizer::specimen)) {
            sessions.fillLeft();
        }
        WarmUp.on(inference.device(), folder.maxLength(), options).run(session, tokenizer::specimen);
        int start = RunCost.on(inference.device(), session, folder.maxLength(), options, tokenizer::specimen);
        BatchPlan plan = new BatchPlan(options.maxBatchTokens(), start);
        Batcher batcher = new Batcher(
                session::run,
                texts -> sessions.beside().run(texts),
                plan,
                options.maxConcurrentRequests(),
                options.workers());
        return new ServedModel(
                folder, inference.device(), tokenizer, new Engine.Batches(sessions, batcher), new AtomicInteger(1));
    }

    private void warmUp() {
        try {
            if (writes()) {
                generate("warm up", GenerationParameters.greedy(WARM_UP_RUNS)).join();
                return;
            }
            for (int run = 0; run < WARM_UP_RUNS; run++) {
                for (String text : List.of("warm up", "warm up ".repeat(20))) {
                    predict(List.of(TextInput.of(text)), tokenizer.truncation())
                            .get(0)
                            .join();
                }
            }
        } catch (RequestException e) {
            throw new OrtuneException(folder.folder() + ": does not take a sentence: " + e.getMessage(), e);
        } catch (CompletionException e) {
            String message = Printable.of(String.valueOf(e.getCause().getMessage()));
            throw new OrtuneException(folder.file() + ": does not run on a sentence: " + message, e);
        }
    }

    public ModelFolder info() {
        return folder;
    }

    /** Where it runs. */
    public Device device() {
        return device;
    }

    public String name() {
        return folder.name();
    }

    /**
     * Answers all texts of a request.
     *
     * @return an answer each; cancelled, a text that has not been run is not run
     */
    public List<CompletableFuture<Prediction>> predict(List<TextInput> texts, Truncation truncation) {
        return submit(encode(texts, truncation));
    }

    /** The tokens of texts. */
    public List<EncodedText> encode(List<TextInput> texts, Truncation truncation) {
        return texts.stream().map(text -> tokenizer.encode(text, truncation)).toList();
    }

    /**
     * The windows of a question's context.
     *
     * @param input the question, and the context as its pair
     * @param question which of a request's questions it is
     */
    public List<EncodedText> windows(TextInput input, int question, Windows windows) {
        return tokenizer.windows(input, question, windows);
    }

    /** On which side a text that is too long is cut where nobody says it, by tokenizer_config.json. */
    public Truncation truncation() {
        return tokenizer.truncation();
    }

    /** The tokens of a text of any length, with special ones or without. */
    public List<TextToken> tokenize(String text, boolean special) {
        return tokenizer.tokens(text, special);
    }

    /**
     * The text of tokens.
     *
     * @throws RequestException when this tokenizer's cannot be put together
     */
    public String decode(long[] ids, boolean skipSpecial) {
        return tokenizer.decode(ids, skipSpecial);
    }

    /** Where this model stops reading a text, in UTF-16 units: at its end, or where what is too long is cut off. */
    public int end(String text) {
        return tokenizer.end(text);
    }

    /** Answers texts whose tokens are there. */
    public List<CompletableFuture<Prediction>> submit(List<EncodedText> texts) {
        int adapter = folder.adapter();
        return engine.batcher()
                .submit(
                        adapter == 0
                                ? texts
                                : texts.stream()
                                        .map(text -> text.forAdapter(adapter))
                                        .toList());
    }

    /** Tells {@code listener} of this model's batches from now on. */
    public void listen(BatchListener listener) {
        if (!writes()) {
            engine.batcher().listen(listener);
        }
    }

    /** Whether it writes texts, a token at a time, and has no other answer. */
    public boolean writes() {
        return engine instanceof Engine.Texts;
    }

    /** The tokens of a text that is to be gone on with, however many. */
    public long[] prompt(String text) {
        long[] ids = tokenizer.ids(text);
        if (ids.length == 0) {
            throw new RequestException(ErrorType.EMPTY, "`inputs` cannot be empty");
        }
        return ids;
    }

    /**
     * Goes on with a text.
     *
     * @param prompt its tokens
     * @return stops it
     * @throws RequestException where the model does not write texts, or too many wait
     */
    public Runnable generate(long[] prompt, GenerationParameters parameters, GenerationListener listener) {
        return engine.generator().submit(prompt, parameters, listener);
    }

    /** Goes on with a text; cancelled, it is not gone on with any further. */
    public CompletableFuture<GeneratedText> generate(String text, GenerationParameters parameters) {
        GenerationFuture future = new GenerationFuture();
        future.cancelWith(generate(prompt(text), parameters, future.listener()));
        return future;
    }

    /** What the model says, as its task has it. */
    public Answer answer(Prediction prediction) {
        return folder.task().answer(prediction);
    }

    /** Texts that wait for a batch. */
    public int waiting() {
        return engine.waiting();
    }

    @Override
    public void close() {
        if (sharing.decrementAndGet() > 0) {
            return;
        }
        engine.close();
        tokenizer.close();
    }
}
