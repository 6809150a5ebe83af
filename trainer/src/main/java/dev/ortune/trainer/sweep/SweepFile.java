package dev.ortune.trainer.sweep;

import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.Printable;
import dev.ortune.trainer.training.Pause;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/**
 * What somebody wants to be tried, as they wrote it down. Names and values of options are not looked at yet.
 *
 * @param file where
 * @param train options that all trials share
 * @param grid values of options, each of which is tried with each of the others'
 * @param random samples of options; null for none
 * @param halving when the worse trials are left; null for never
 * @param seeds of each setting; empty where nothing is said
 */
public record SweepFile(
        Path file,
        Map<String, YamlNode> train,
        Map<String, List<YamlNode>> grid,
        RandomSearch random,
        Halving halving,
        List<Long> seeds) {
    private static final int MOST = 10_000;
    private static final long USUAL_SEED = 42;

    /**
     * Options that are drawn.
     *
     * @param samples how many times
     * @param seed of the draws
     * @param options what of
     */
    record RandomSearch(int samples, long seed, Map<String, Distribution> options) {}

    /**
     * Successive halving (Jamieson and Talwalkar 2016).
     *
     * @param eta one in so many settings goes on
     * @param rungs where the others are left
     */
    record Halving(int eta, List<Rung> rungs) {}

    /**
     * @param text as {@code --pause-after} takes it
     */
    record Rung(String text, Pause pause) {}

    /**
     * Reads one.
     *
     * @throws OrtuneException that names the file, and the line, when there is anything that is not known
     */
    public static SweepFile read(Path file) {
        YamlNode root = YamlNode.read(file);
        Map<String, YamlNode> parts = root.map(List.of("train", "grid", "random", "successive-halving", "seeds"));
        if (!parts.containsKey("train")) {
            throw root.wrong("train is missing, the options that all trials share");
        }
        Map<String, List<YamlNode>> grid = new LinkedHashMap<>();
        if (parts.containsKey("grid")) {
            parts.get("grid").map().forEach((option, values) -> grid.put(option, values.list()));
        }
        Map<String, YamlNode> train = parts.get("train").map();
        return new SweepFile(
                file,
                train,
                grid,
                parts.containsKey("random") ? random(parts.get("random")) : null,
                parts.containsKey("successive-halving") ? halving(parts.get("successive-halving")) : null,
                parts.containsKey("seeds") ? seeds(parts.get("seeds"), base(train)) : List.of());
    }

    private static RandomSearch random(YamlNode node) {
        Map<String, YamlNode> parts = node.map(List.of("samples", "seed", "options"));
        if (!parts.containsKey("samples") || !parts.containsKey("options")) {
            throw node.wrong("samples, how many, and options are needed here");
        }
        Map<String, Distribution> options = new LinkedHashMap<>();
        parts.get("options").map().forEach((option, values) -> options.put(option, Distribution.of(values)));
        int seed = parts.containsKey("seed") ? parts.get("seed").whole(0, Integer.MAX_VALUE) : 0;
        return new RandomSearch(parts.get("samples").whole(1, MOST), seed, options);
    }

    private static Halving halving(YamlNode node) {
        Map<String, YamlNode> parts = node.map(List.of("eta", "rungs"));
        if (!parts.containsKey("rungs")) {
            throw node.wrong("rungs are needed here, epochs such as [1, 2] or shares of a run such as [10%, 30%]");
        }
        List<Rung> rungs = new ArrayList<>();
        for (YamlNode each : parts.get("rungs").list()) {
            Pause pause = pause(each);
            Pause before = rungs.isEmpty() ? null : rungs.get(rungs.size() - 1).pause();
            if (before != null && (before.share() != pause.share() || before.at() >= pause.at())) {
                throw each.wrong("rungs must rise, and be all epochs or all shares");
            }
            rungs.add(new Rung(each.text(), pause));
        }
        return new Halving(parts.containsKey("eta") ? parts.get("eta").whole(2, MOST) : 3, rungs);
    }

    private static Pause pause(YamlNode node) {
        try {
            return Pause.parse(node.text());
        } catch (OrtuneException e) {
            throw node.wrong(e.getMessage().replace("--pause-after", "a rung"));
        }
    }

    private static List<Long> seeds(YamlNode node, long base) {
        if (!node.isList()) {
            return seeds(node.whole(1, MOST), base);
        }
        List<Long> seeds = new ArrayList<>();
        for (YamlNode each : node.list()) {
            long seed = each.whole(0, Integer.MAX_VALUE);
            if (seeds.contains(seed)) {
                throw each.wrong("seed " + seed + " is there already");
            }
            seeds.add(seed);
        }
        return seeds;
    }

    private static List<Long> seeds(int count, long base) {
        return LongStream.range(base, base + count).boxed().toList();
    }

    private static long base(Map<String, YamlNode> train) {
        return train.containsKey("seed") ? train.get("seed").whole(0, Integer.MAX_VALUE) : USUAL_SEED;
    }

    /** The same with so many seeds, that of the shared options and those after it. */
    public SweepFile withSeeds(int count) {
        if (count < 1 || count > MOST) {
            throw new OrtuneException("--seeds must be from 1 to " + MOST + ", not " + count);
        }
        return new SweepFile(file, train, grid, random, halving, seeds(count, base(train)));
    }

    /** The seeds that each setting is tried with. */
    List<Long> allSeeds() {
        return seeds.isEmpty() ? seeds(1, base(train)) : seeds;
    }

    OrtuneException wrong(String message) {
        return new OrtuneException(file + ": " + Printable.of(message));
    }
}
