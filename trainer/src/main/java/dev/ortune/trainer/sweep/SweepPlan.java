package dev.ortune.trainer.sweep;

import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.Printable;
import dev.ortune.trainer.report.run.Sweep;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/**
 * All trials of a sweep, each of which the parser of "ortune train" takes.
 *
 * @param varied options that differ, by their names without dashes
 * @param trials in the order of the file, the seeds of a setting one after another
 * @param halving when the worse trials are left; null for never
 */
public record SweepPlan(List<String> varied, List<Sweep.Trial> trials, SweepFile.Halving halving) {
    private static final int MOST = 10_000;
    private static final int LONGEST_NAME = 120;

    /** What a sweep decides itself. */
    private static final List<String> OWN =
            List.of("out", "resume", "overwrite", "json", "pause-after", "help", "version", "verbose");

    private static final Pattern OPTION = Pattern.compile("--([a-z0-9][a-z0-9-]*)");

    /**
     * Option values with the place where they are written.
     *
     * @param words as the command line takes them
     */
    private record Value(TrainOptions.Option option, List<String> words, YamlNode at) {
        /** {@code --name=value} once or more; nothing of a flag that is not set. */
        List<String> arguments() {
            if (option.flag()) {
                return words.equals(List.of("true")) ? List.of("--" + option.name()) : List.of();
            }
            return words.stream().map(word -> "--" + option.name() + "=" + word).toList();
        }

        String text() {
            return String.join(",", words);
        }
    }

    /**
     * Makes the trials.
     *
     * @param options of "ortune train"
     * @throws OrtuneException that names the file and the line of an option or value that is not taken
     */
    public static SweepPlan of(SweepFile file, TrainOptions options) {
        return new Maker(file, options).plan();
    }

    /** Without a folder and a seed. */
    private static final class Maker {
        private final SweepFile file;
        private final TrainOptions options;

        Maker(SweepFile file, TrainOptions options) {
            this.file = file;
            this.options = options;
        }

        SweepPlan plan() {
            Map<String, Value> shared = new LinkedHashMap<>();
            file.train().forEach((name, node) -> add(shared, value(name, node, node.texts())));
            shared.remove("seed");
            List<Map<String, Value>> settings = settings(shared);
            Map<String, Sweep.Trial> trials = new LinkedHashMap<>();
            for (Map<String, Value> setting : settings) {
                Map<String, String> texts = new LinkedHashMap<>();
                setting.forEach((name, value) -> texts.put(name, value.text()));
                List<String> arguments = arguments(shared, setting);
                check(shared, setting, arguments);
                for (long seed : file.allSeeds()) {
                    String name = name(texts, seed);
                    trials.putIfAbsent(
                            name, new Sweep.Trial(name, texts, seed, arguments, Sweep.State.WAITING, 0, List.of()));
                }
            }
            return new SweepPlan(List.copyOf(settings.get(0).keySet()), List.copyOf(trials.values()), file.halving());
        }

        /** Each value of the grid with each of the others, and each of these with each sample. */
        private List<Map<String, Value>> settings(Map<String, Value> shared) {
            List<Map<String, Value>> settings = List.of(new LinkedHashMap<>());
            for (Map.Entry<String, List<YamlNode>> axis : file.grid().entrySet()) {
                List<Map<String, Value>> more = new ArrayList<>();
                for (Map<String, Value> setting : settings) {
                    for (YamlNode node : axis.getValue()) {
                        more.add(with(shared, setting, varied(axis.getKey(), node, node.texts())));
                    }
                }
                requireFew(more.size());
                settings = more;
            }
            if (file.random() == null) {
                return settings;
            }
            List<Map<String, Value>> more = new ArrayList<>();
            List<List<Value>> samples = samples();
            requireFew((long) samples.size() * settings.size());
            for (Map<String, Value> setting : settings) {
                for (List<Value> sample : samples) {
                    Map<String, Value> both = setting;
                    for (Value value : sample) {
                        both = with(shared, both, value);
                    }
                    more.add(both);
                }
            }
            return more;
        }

        /** One after the other, so that more of them begin with the same. */
        private List<List<Value>> samples() {
            Random random = new Random(file.random().seed());
            List<List<Value>> samples = new ArrayList<>();
            for (int i = 0; i < file.random().samples(); i++) {
                List<Value> sample = new ArrayList<>();
                file.random().options().forEach((name, values) -> {
                    TrainOptions.Option option = option(name, values.at());
                    sample.add(varied(name, values.at(), values.draw(random, option.whole())));
                });
                samples.add(sample);
            }
            return samples;
        }

        private void requireFew(long settings) {
            if (settings * file.allSeeds().size() > MOST) {
                throw file.wrong("asks for more than " + MOST + " trials");
            }
        }

        private Map<String, Value> with(Map<String, Value> shared, Map<String, Value> setting, Value value) {
            if (shared.containsKey(value.option().name())) {
                throw value.at()
                        .wrong("--" + value.option().name() + " cannot both be shared by all trials and differ");
            }
            Map<String, Value> more = new LinkedHashMap<>(setting);
            add(more, value);
            return more;
        }

        private static void add(Map<String, Value> values, Value value) {
            if (values.put(value.option().name(), value) != null) {
                throw value.at().wrong("--" + value.option().name() + " is there already");
            }
        }

        private Value varied(String name, YamlNode at, List<String> words) {
            Value value = value(name, at, words);
            if (List.of("seed", "metric").contains(value.option().name())) {
                throw at.wrong(
                        value.option().name().equals("seed")
                                ? "seeds differ by \"seeds\": how many, or a list"
                                : "trials are compared by one --metric");
            }
            return value;
        }

        private Value value(String name, YamlNode at, List<String> words) {
            TrainOptions.Option option = option(name, at);
            if (option.flag() && !words.equals(List.of("true")) && !words.equals(List.of("false"))) {
                throw at.wrong("--" + option.name() + " is true or false, not " + Printable.of(words.toString()));
            }
            return new Value(option, words, at);
        }

        private TrainOptions.Option option(String name, YamlNode at) {
            TrainOptions.Option option = options.named(name)
                    .orElseThrow(() -> at.wrong("there is no option --" + Printable.of(name)
                            + " of \"ortune train\"; \"ortune train --help\" lists them"));
            if (OWN.contains(option.name())) {
                throw at.wrong("--" + option.name() + " is for the sweep to say");
            }
            return option;
        }

        private static List<String> arguments(Map<String, Value> shared, Map<String, Value> setting) {
            List<String> arguments = new ArrayList<>();
            shared.values().forEach(value -> arguments.addAll(value.arguments()));
            setting.values().forEach(value -> arguments.addAll(value.arguments()));
            return arguments;
        }

        /** What the parser refuses is told with the line of the option that it names. */
        private void check(Map<String, Value> shared, Map<String, Value> setting, List<String> arguments) {
            Optional<String> wrong = options.wrong(arguments);
            if (wrong.isEmpty()) {
                return;
            }
            Matcher named = OPTION.matcher(wrong.get());
            while (named.find()) {
                Value value = setting.getOrDefault(named.group(1), shared.get(named.group(1)));
                if (value != null) {
                    throw value.at().wrong(wrong.get());
                }
            }
            throw file.wrong(wrong.get());
        }
    }

    /** Says the values; the same for the same ones, and of such as make no name, or too long a one, by a sum of them. */
    static String name(Map<String, String> setting, long seed) {
        StringBuilder name = new StringBuilder();
        StringBuilder exact = new StringBuilder();
        setting.forEach((option, value) -> {
            String last = value.substring(
                    value.replace('\\', '/').replaceFirst("/+$", "").lastIndexOf('/') + 1);
            name.append(option)
                    .append('=')
                    .append(last.replaceAll("[^A-Za-z0-9_.+-]+", "-"))
                    .append(',');
            exact.append(option).append('=').append(value).append(',');
        });
        String plain = name + "seed=" + seed;
        if (name.toString().contentEquals(exact) && plain.length() <= LONGEST_NAME) {
            return plain;
        }
        CRC32 sum = new CRC32();
        sum.update(exact.toString().getBytes(StandardCharsets.UTF_8));
        String cut = name.substring(0, Math.min(name.length(), LONGEST_NAME));
        return String.format(Locale.ROOT, "%s~%08x,seed=%d", cut.replaceFirst(",$", ""), sum.getValue(), seed);
    }

    /** The most CPU threads that any trial asks for; 1 where none does. */
    public int threads() {
        return trials.stream()
                .flatMap(trial -> trial.options().stream())
                .filter(option -> option.startsWith("--threads="))
                .mapToInt(option -> Integer.parseInt(option.substring("--threads=".length())))
                .max()
                .orElse(1);
    }

    /**
     * The plan with what is known of its trials from before.
     *
     * @throws OrtuneException when a trial had other options
     */
    Sweep since(Sweep before) {
        Map<String, Sweep.Trial> known = new LinkedHashMap<>();
        before.trials().forEach(trial -> known.put(trial.name(), trial));
        List<Sweep.Trial> now = new ArrayList<>();
        for (Sweep.Trial trial : trials) {
            Sweep.Trial was = known.get(trial.name());
            if (was != null && !new TreeSet<>(was.options()).equals(new TreeSet<>(trial.options()))) {
                throw new OrtuneException("trial " + trial.name() + " was begun with " + difference(was, trial)
                        + " and is now to have " + difference(trial, was));
            }
            now.add(was == null ? trial : trial.at(was.state(), was.seconds(), was.lastLines()));
        }
        return new Sweep(varied, now);
    }

    private static String difference(Sweep.Trial one, Sweep.Trial other) {
        List<String> only = new ArrayList<>(one.options());
        only.removeAll(other.options());
        return only.isEmpty() ? "nothing of the kind" : String.join(" ", only);
    }
}
