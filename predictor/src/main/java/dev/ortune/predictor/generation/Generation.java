package dev.ortune.predictor.generation;

import ai.onnxruntime.OrtException;
import dev.ortune.predictor.ErrorType;
import dev.ortune.predictor.FinishReason;
import dev.ortune.predictor.GeneratedText;
import dev.ortune.predictor.GeneratedToken;
import dev.ortune.predictor.GenerationParameters;
import dev.ortune.predictor.RequestException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Set;

/** One text that is being gone on with, a token a step. */
final class Generation {
    private static final int[] FIRST = {0};

    private final long[] prompt;
    private final GenerationParameters parameters;
    private final GenerationListener listener;
    private final TokenChooser chooser;
    private final GrowingText text;
    private final List<GeneratedToken> tokens = new ArrayList<>();
    private TextDecoder.Text decoding;
    /** Where several ways are followed. */
    private BeamSearch search;

    private volatile boolean cancelled;

    Generation(long[] prompt, GenerationParameters parameters, GenerationListener listener, GrowingText text) {
        this.prompt = prompt.clone();
        this.parameters = parameters;
        this.listener = listener;
        this.chooser = new TokenChooser(parameters);
        this.text = text;
    }

    /** Nobody waits for it any more. */
    void cancel() {
        cancelled = true;
    }

    /**
     * Adds a token; at first reads the prompt.
     *
     * @param ends tokens that end a text
     * @return whether there is more to do
     */
    boolean step(TextDecoder decoder, Set<Long> ends) {
        if (cancelled) {
            close();
            return false;
        }
        try {
            return advanced(decoder, ends);
        } catch (OrtException | RuntimeException | Error e) {
            // An Error too costs this text and not the thread, which others need.
            fail(
                    e instanceof RequestException known
                            ? known
                            : new RequestException(ErrorType.BACKEND, "the model failed: " + e.getMessage(), e));
            return false;
        }
    }

    private boolean advanced(TextDecoder decoder, Set<Long> ends) throws OrtException {
        if (parameters.beams() != null) {
            return searched(decoder, ends);
        }
        if (decoding == null) {
            decoding = decoder.begin(prompt);
            for (long token : decoder.before(prompt)) {
                chooser.saw(token);
            }
        } else {
            decoding.add(FIRST, new long[] {tokens.get(tokens.size() - 1).id()});
        }
        TokenChooser.Choice choice = chooser.choose(decoding.logits()[0]);
        chooser.saw(choice.token());
        boolean isEnd = ends.contains((long) choice.token());
        String added = isEnd ? text.end() : text.add(choice.token());
        FinishReason reason = reason(decoder, isEnd);
        return added(choice.token(), added, choice.logprob(), reason);
    }

    /**
     * Tells of a token.
     *
     * @param reason why it is the last; null where it is not
     */
    private boolean added(long id, String added, double logprob, FinishReason reason) {
        boolean isEnd = reason == FinishReason.END_OF_TEXT;
        String all = reason != null && !isEnd ? added + text.end() : added;
        GeneratedToken token = new GeneratedToken(id, all, logprob, isEnd);
        tokens.add(token);
        if (reason == null) {
            listener.added(token, null);
            return true;
        }
        close();
        listener.added(token, new GeneratedText(text.text(), reason, prompt.length, tokens));
        return false;
    }

    /** A step of all beams; the tokens of the best one are told of when it is known. */
    private boolean searched(TextDecoder decoder, Set<Long> ends) throws OrtException {
        if (decoding == null) {
            decoding = decoder.begin(prompt);
            BitSet before = new BitSet();
            for (long token : decoder.before(prompt)) {
                before.set((int) token);
            }
            int most = Math.min(parameters.maxNewTokens(), decoder.room(prompt.length));
            search = new BeamSearch(parameters, before, ends, this::stops, most);
        } else {
            decoding.add(search.rows(), search.tokens());
        }
        if (search.step(decoding.logits())) {
            return true;
        }
        long[] best = search.best();
        double[] logprobs = search.logprobs();
        for (int i = 0; i < best.length; i++) {
            boolean isEnd = ends.contains(best[i]);
            String added = isEnd ? text.end() : text.add(best[i]);
            FinishReason last =
                    isEnd ? FinishReason.END_OF_TEXT : stops(best) ? FinishReason.STOP : FinishReason.LENGTH;
            added(best[i], added, logprobs[i], i == best.length - 1 ? last : null);
        }
        return false;
    }

    private boolean stops(long[] ids) {
        return !parameters.stop().isEmpty() && parameters.stop().stream().anyMatch(text.whole(ids)::contains);
    }

    /** Why the token that is about to be added is the last; null where it is not. */
    private FinishReason reason(TextDecoder decoder, boolean isEnd) {
        if (isEnd) {
            return FinishReason.END_OF_TEXT;
        }
        if (parameters.stop().stream().anyMatch(text.text()::contains)) {
            return FinishReason.STOP;
        }
        int most = Math.min(parameters.maxNewTokens(), decoder.room(prompt.length));
        return tokens.size() + 1 >= most ? FinishReason.LENGTH : null;
    }

    /** Ends it with a failure. */
    void fail(RuntimeException failure) {
        close();
        listener.failed(failure);
    }

    private void close() {
        if (decoding != null) {
            decoding.close();
            decoding = null;
        }
    }
}
