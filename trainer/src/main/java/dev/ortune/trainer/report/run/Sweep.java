package dev.ortune.trainer.report.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ortune.trainer.JsonFile;
import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.Printable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Many runs of one kind, as {@code sweep.json} tells it.
 *
 * @param varied options that differ between trials, by their names without dashes
 * @param trials in the order in which they were planned
 */
public record Sweep(List<String> varied, List<Trial> trials) {
    /** The file, in a sweep's folder. */
    public static final String FILE = "sweep.json";

    /** Where in a sweep's folder the trials' models are. */
    public static final String TRIALS = "trials";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int FORMAT = 1;

    public Sweep {
        varied = List.copyOf(varied);
        trials = List.copyOf(trials);
    }

    /** How far a trial has come. */
    public enum State {
        /** Not begun, or interrupted. */
        WAITING,
        /** With a checkpoint, to go on if it is among the better ones. */
        PAUSED,
        /** With a checkpoint, as others were better. */
        LEFT,
        COMPLETE,
        FAILED;

        /** As it stands in the file. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }

        static State of(String text) {
            for (State state : values()) {
                if (state.toString().equals(text)) {
                    return state;
                }
            }
            return WAITING;
        }
    }

    /**
     * One run.
     *
     * @param name of its folder
     * @param setting the options that differ between trials, seeds aside
     * @param seed of the run
     * @param options all that "ortune train" was given but for seed and folder
     * @param state how far it has come
     * @param seconds that its processes took
     * @param lastLines of what it printed before it failed
     */
    public record Trial(
            String name,
            Map<String, String> setting,
            long seed,
            List<String> options,
            State state,
            double seconds,
            List<String> lastLines) {
        public Trial {
            options = List.copyOf(options);
            lastLines = List.copyOf(lastLines);
        }

        /** The same further on. */
        public Trial at(State now, double moreSeconds, List<String> lines) {
            return new Trial(name, setting, seed, options, now, seconds + moreSeconds, lines);
        }
    }

    /** Whether a folder is a sweep's. */
    public static boolean isIn(Path folder) {
        return Files.exists(folder.resolve(FILE));
    }

    /**
     * Reads a sweep's folder.
     *
     * @throws OrtuneException that names the file when it is broken
     */
    public static Sweep read(Path folder) {
        Path file = folder.resolve(FILE);
        JsonNode json = JsonFile.readObject(file);
        if (json.path("format").asInt() != FORMAT) {
            throw new OrtuneException(file + ": is of no format that this Ortune knows");
        }
        List<Trial> trials = new ArrayList<>();
        json.path("trials").forEach(trial -> trials.add(trial(file, trial)));
        if (trials.isEmpty()) {
            throw new OrtuneException(file + ": holds no trials");
        }
        return new Sweep(printable(json.path("varied")), trials);
    }

    private static Trial trial(Path file, JsonNode json) {
        String name = json.path("name").asText();
        if (!name.matches("[A-Za-z0-9_][A-Za-z0-9_.=,+~-]{0,199}")) {
            throw new OrtuneException(file + ": holds a trial whose name is none for a folder");
        }
        Map<String, String> setting = new LinkedHashMap<>();
        json.path("setting")
                .properties()
                .forEach(each -> setting.put(
                        Printable.of(each.getKey()),
                        Printable.of(each.getValue().asText())));
        return new Trial(
                name,
                setting,
                json.path("seed").asLong(),
                texts(json.path("options")),
                State.of(json.path("state").asText()),
                json.path("seconds").asDouble(),
                printable(json.path("last_lines")));
    }

    private static List<String> printable(JsonNode array) {
        return texts(array).stream().map(Printable::of).toList();
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(text -> texts.add(text.asText()));
        return texts;
    }

    /** What {@link #read} reads. */
    public ObjectNode json() {
        ObjectNode json = JSON.createObjectNode().put("format", FORMAT);
        varied.forEach(json.putArray("varied")::add);
        ArrayNode all = json.putArray("trials");
        for (Trial trial : trials) {
            ObjectNode each = all.addObject().put("name", trial.name());
            ObjectNode setting = each.putObject("setting");
            trial.setting().forEach(setting::put);
            each.put("seed", trial.seed());
            trial.options().forEach(each.putArray("options")::add);
            each.put("state", trial.state().toString()).put("seconds", trial.seconds());
            if (!trial.lastLines().isEmpty()) {
                trial.lastLines().forEach(each.putArray("last_lines")::add);
            }
        }
        return json;
    }
}
