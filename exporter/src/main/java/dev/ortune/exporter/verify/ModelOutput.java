package dev.ortune.exporter.verify;

import java.nio.FloatBuffer;
import java.util.Arrays;

/**
 * One output of a model for a batch, without what it says of filling.
 *
 * @param ofTokens whether each row is about a token, and not about a text
 * @param texts {@code [texts][rows][values]}: of each text a row a token, or one row about all of it
 */
record ModelOutput(boolean ofTokens, float[][][] texts) {
    /**
     * Cuts an output up.
     *
     * @param values row-major, in {@code shape}
     * @param perToken whether the second dimension is that of the tokens
     */
    static ModelOutput of(FloatBuffer values, long[] shape, boolean perToken, TextBatch batch) {
        int width = shape.length < 2 ? 1 : Math.toIntExact(shape[shape.length - 1]);
        int rows = values.remaining() / Math.max(1, batch.size() * width);
        float[][][] texts = new float[batch.size()][rows][width];
        for (float[][] text : texts) {
            for (float[] row : text) {
                values.get(row);
            }
        }
        if (perToken) {
            boolean positions = shape.length == 2;
            for (int i = 0; i < texts.length; i++) {
                // [batch, sequence] is one row of places, of which the filling's are none.
                int real = batch.tokens(i);
                texts[i] = positions
                        ? new float[][] {Arrays.copyOf(texts[i][0], real)}
                        : Arrays.copyOf(texts[i], rows / batch.length() * real);
            }
            return new ModelOutput(!positions, texts);
        }
        return new ModelOutput(false, texts);
    }
}
