package dev.ortune.exporter.verify;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** How long one thread takes for a batch: the median of a few runs, a hint rather than a benchmark. */
public final class Latency {
    private static final int[][] SHAPES = {{1, 16}, {1, 128}, {32, 16}, {32, 128}};
    private static final int RUNS = 7;

    /** A shape that would take longer than this, in milliseconds a run, is left out. */
    private static final double LONGEST = 1500;

    private Latency() {}

    /**
     * Milliseconds by {@code BATCHxLENGTH}, of texts without filling.
     *
     * @param maxLength the most tokens that the model takes
     * @param padId which token the texts are not made of
     */
    public static Map<String, Double> of(Path file, int maxLength, long padId) {
        Map<String, Double> latencies = new LinkedHashMap<>();
        double perToken = 0;
        try (ModelRun run = ModelRun.open(file, 1)) {
            for (int[] shape : SHAPES) {
                int tokens = shape[0] * shape[1];
                if (shape[1] <= maxLength && perToken * tokens < LONGEST) {
                    double median = median(run, shape[0], shape[1], padId == 0 ? 1 : 0);
                    perToken = median / tokens;
                    latencies.put(shape[0] + "x" + shape[1], Math.round(median * 1000) / 1000.0);
                }
            }
        }
        return latencies;
    }

    private static double median(ModelRun run, int size, int length, long id) {
        long[] ids = new long[size * length];
        long[] ones = new long[size * length];
        Arrays.fill(ids, id);
        Arrays.fill(ones, 1);
        TextBatch batch = new TextBatch(ids, ones, new long[size * length], size, run.takesChoices() ? 1 : 0, length);
        // ONNX Runtime plans its memory in the first run of a shape and allocates it so in the second.
        time(run, batch);
        double second = time(run, batch);
        double[] times = new double[second > LONGEST / RUNS ? 1 : RUNS];
        Arrays.setAll(times, i -> time(run, batch));
        Arrays.sort(times);
        return times[times.length / 2];
    }

    private static double time(ModelRun run, TextBatch batch) {
        long start = System.nanoTime();
        run.outputs(batch);
        return (System.nanoTime() - start) / 1e6;
    }
}
