package dev.ortune.trainer.training;

import dev.ortune.trainer.data.Array;
import dev.ortune.trainer.data.Batch;
import dev.ortune.trainer.model.form.Geometry;
import dev.ortune.trainer.model.form.TokenLayout;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * A batch as the graphs for a GPU take it ({@code model.form.TokenInputs}): the index arithmetic that {@code
 * model.form.Packing} does in the CPU's graphs. Sequences are lengthened to a multiple of {@value #BUCKET}, so that few
 * shapes occur and matrices suit the GPU's units.
 */
final class TokenArrays {
    static final int BUCKET = 8;
    /** Low enough that exp gives 0, and still a number in half precision. */
    private static final float MASKED = -10000f;
    /** What a padding token is to be called: nothing. */
    private static final long NO_TARGET = -100;

    private final Batch batch;
    private final TokenLayout layout;
    private final int heads;
    private final int headSize;
    private final int length;
    /** The place of each token in {@code [size, length]}, ascending. */
    private final int[] places;
    /** The token of each place, 0 for none. */
    private final int[] tokenAt;

    private TokenArrays(Batch batch, Geometry geometry, TokenLayout layout) {
        this.batch = batch;
        this.layout = layout;
        this.heads = geometry.heads();
        this.headSize = geometry.headSize();
        int bucketed = (batch.length() + BUCKET - 1) / BUCKET * BUCKET;
        this.length = Math.min(bucketed, Math.max(geometry.mostTokens(), batch.length()));
        this.places = layout == TokenLayout.PACKED ? tokenPlaces() : allPlaces();
        this.tokenAt = new int[batch.size() * length];
        for (int token = 0; token < places.length; token++) {
            tokenAt[places[token]] = token;
        }
    }

    /** The inputs by name; {@code rows} are the batch's token ids as the session's table has them. */
    static Map<String, Array> of(Batch batch, long[] rows, Geometry geometry, TokenLayout layout) {
        return new TokenArrays(batch, geometry, layout).arrays(rows);
    }

    private Map<String, Array> arrays(long[] rows) {
        int tokens = places.length;
        Map<String, Array> arrays = new LinkedHashMap<>();
        arrays.put("input_ids", new Array(picked(rows), tokens));
        arrays.put("token_type_ids", new Array(picked(batch.tokenTypeIds()), tokens));
        arrays.put("key_bias", new Array(keyBias(), 1, batch.size(), 1, 1, length));
        long[] positions = new long[tokens];
        long[] sequences = new long[tokens];
        float[] isFirst = new float[tokens];
        float[] isLast = new float[tokens];
        float[] shares = new float[tokens];
        int[] counts = new int[batch.size()];
        for (int place : places) {
            counts[place / length] += isToken(place) ? 1 : 0;
        }
        long[] first = new long[batch.size()];
        long[] last = new long[batch.size()];
        for (int token = 0; token < tokens; token++) {
            positions[token] = places[token] % length;
            sequences[token] = places[token] / length;
            shares[token] = isToken(places[token]) ? 1f / counts[places[token] / length] : 0;
            if (positions[token] == 0) {
                isFirst[token] = 1;
                first[(int) sequences[token]] = token;
            }
            if (positions[token] == counts[(int) sequences[token]] - 1) {
                isLast[token] = 1;
                last[(int) sequences[token]] = token;
            }
        }
        arrays.put("position_ids", new Array(positions, tokens));
        arrays.put("sequence_ids", new Array(sequences, tokens));
        arrays.put("token_shares", new Array(shares, tokens, 1));
        arrays.put("is_first", new Array(isFirst, tokens, 1));
        arrays.put("first_tokens", new Array(first, batch.size()));
        arrays.put("is_last", new Array(isLast, tokens, 1));
        arrays.put("last_tokens", new Array(last, batch.size()));
        arrays.put(
                "sequence_rows", new Array(Arrays.stream(tokenAt).asLongStream().toArray(), batch.size(), length));
        arrays.put(
                "sequence_places",
                new Array(Arrays.stream(places).asLongStream().toArray(), tokens));
        targets(arrays);
        if (layout == TokenLayout.PACKED) {
            picking(arrays);
        } else {
            arrays.put("head_sizes", new Array(new long[] {batch.size(), length, 3, heads, headSize}, 5));
        }
        return arrays;
    }

    /** What the model is to say of each token, or of each sequence. */
    private void targets(Map<String, Array> arrays) {
        batch.arrays().forEach((name, array) -> {
            // Numbers are told of texts alone.
            if (array.shape().length == 1 || array.data() instanceof float[]) {
                arrays.put(name, array);
            } else if (!arrays.containsKey(name) && !name.equals(Batch.ATTENTION_MASK)) {
                long[] picked = picked(array.longs());
                for (int token = 0; token < picked.length; token++) {
                    picked[token] = isToken(places[token]) ? picked[token] : NO_TARGET;
                }
                arrays.put(name, new Array(picked, picked.length));
                if (name.equals(Batch.LABELS)) {
                    labelled(arrays, picked);
                }
            }
        });
    }

    /** Which tokens have a label. */
    private static void labelled(Map<String, Array> arrays, long[] labels) {
        int[] tokens = IntStream.range(0, labels.length)
                .filter(token -> labels[token] >= 0)
                .toArray();
        long[] places = new long[labels.length];
        float[] isLabelled = new float[labels.length];
        long[] targets = new long[tokens.length];
        for (int place = 0; place < tokens.length; place++) {
            places[tokens[place]] = place;
            isLabelled[tokens[place]] = 1;
            targets[place] = labels[tokens[place]];
        }
        arrays.put(
                "labelled_tokens",
                new Array(Arrays.stream(tokens).asLongStream().toArray(), tokens.length));
        arrays.put("labelled_places", new Array(places, places.length));
        arrays.put("is_labelled", new Array(isLabelled, isLabelled.length, 1));
        arrays.put("labelled_targets", new Array(targets, targets.length));
    }

    private int[] tokenPlaces() {
        int[] result = new int[batch.tokens()];
        int token = 0;
        for (int cell = 0; cell < batch.attentionMask().length; cell++) {
            if (batch.attentionMask()[cell] == 1) {
                result[token++] = cell / batch.length() * length + cell % batch.length();
            }
        }
        return result;
    }

    private int[] allPlaces() {
        int[] result = new int[batch.size() * length];
        for (int place = 0; place < result.length; place++) {
            result[place] = place;
        }
        return result;
    }

    /** The values of each token; those of padding beyond the batch's own are those of its sequence's last place. */
    private long[] picked(long[] cells) {
        long[] result = new long[places.length];
        for (int token = 0; token < result.length; token++) {
            int column = Math.min(places[token] % length, batch.length() - 1);
            result[token] = cells[places[token] / length * batch.length() + column];
        }
        return result;
    }

    private float[] keyBias() {
        float[] bias = new float[batch.size() * length];
        for (int place = 0; place < bias.length; place++) {
            bias[place] = isToken(place) ? 0 : MASKED;
        }
        return bias;
    }

    private boolean isToken(int place) {
        int column = place % length;
        return column < batch.length() && batch.attentionMask()[place / length * batch.length() + column] == 1;
    }

    /** Where rows of {@code [tokens * 3 * heads, head size]} go in {@code [3, size, heads, length]}, and back. */
    private void picking(Map<String, Array> arrays) {
        int slots = batch.size() * heads * length;
        long[] toHeads = new long[3 * slots];
        long[] toHeadsOfOne = new long[slots];
        float[] queryMask = new float[batch.size() * length];
        long[] fromHeads = new long[places.length * heads];
        long[] fromAll = new long[3 * fromHeads.length];
        for (int place = 0; place < tokenAt.length; place++) {
            int token = tokenAt[place];
            boolean holdsToken = isToken(place);
            queryMask[place] = holdsToken ? 1 : 0;
            for (int head = 0; head < heads; head++) {
                int slot = (place / length * heads + head) * length + place % length;
                toHeadsOfOne[slot] = (long) token * heads + head;
                for (int part = 0; part < 3; part++) {
                    int row = (token * 3 + part) * heads + head;
                    toHeads[part * slots + slot] = row;
                    if (holdsToken) {
                        fromAll[row] = part * (long) slots + slot;
                        fromHeads[token * heads + head] = slot;
                    }
                }
            }
        }
        arrays.put("to_heads", new Array(toHeads, 3, batch.size(), heads, length));
        arrays.put("to_heads_of_one", new Array(toHeadsOfOne, batch.size(), heads, length));
        arrays.put("from_heads", new Array(fromHeads, fromHeads.length));
        arrays.put("from_all_heads", new Array(fromAll, fromAll.length));
        arrays.put("query_mask", new Array(queryMask, batch.size(), 1, length, 1));
    }
}
