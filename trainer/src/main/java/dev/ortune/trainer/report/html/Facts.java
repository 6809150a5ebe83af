package dev.ortune.trainer.report.html;

import dev.ortune.trainer.report.Format;
import dev.ortune.trainer.report.run.Arguments;
import dev.ortune.trainer.report.run.History;
import dev.ortune.trainer.report.run.Run;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A run's facts in words; what it did not write down is left out. */
final class Facts {
    private Facts() {}

    static List<Entry> glance(Run run) {
        List<Entry> facts = new ArrayList<>();
        Arguments arguments = run.arguments();
        add(facts, "Pretrained model", pretrained(arguments));
        add(facts, "Parameters", run.parameters() == 0 ? "" : Format.count(run.parameters()));
        add(facts, "Trained parameters", trained(run));
        arguments
                .data()
                .forEach((role, file) ->
                        add(facts, role(role), file.name() + ", " + Text.count(file.examples(), unit(run))));
        if (run.judged() != null) {
            add(facts, "Labels", String.join(", ", run.judged().labels()));
        }
        add(facts, "Machine", machine(arguments));
        add(facts, "Training", training(run.history()));
        return facts;
    }

    /** Nothing where all are. */
    private static String trained(Run run) {
        String count = run.arguments().text("/trainable_parameters");
        if (count.isEmpty() || run.parameters() == 0) {
            return "";
        }
        long trained = Long.parseLong(count);
        return Format.count(trained) + " (" + Format.percent(trained, run.parameters()) + ")";
    }

    private static String unit(Run run) {
        return run.isPretraining() ? "sequence" : "sentence";
    }

    /** Where the run was: data with digests, machine, versions. */
    static List<Entry> surroundings(Run run) {
        List<Entry> facts = new ArrayList<>();
        Arguments arguments = run.arguments();
        add(facts, "pretrained", arguments.text("/pretrained"));
        add(facts, "weights", arguments.text("/pretrained_weights"));
        arguments.data().forEach((role, file) -> {
            add(facts, role, file.file());
            add(facts, role + ", SHA-256", file.sha256());
        });
        arguments.json().path("hardware").properties().stream()
                .filter(field -> !field.getValue().isNull())
                .forEach(field -> add(facts, field.getKey(), field.getValue().asText()));
        arguments.versions().forEach((name, version) -> add(facts, name, version));
        return facts;
    }

    static List<Entry> entries(Map<String, String> values) {
        return values.entrySet().stream()
                .map(entry -> new Entry(entry.getKey(), entry.getValue()))
                .toList();
    }

    static String role(String role) {
        return role.equals("train")
                ? "Training set"
                : role.substring(0, 1).toUpperCase(Locale.ROOT) + role.substring(1) + " set";
    }

    private static String pretrained(Arguments arguments) {
        String source = arguments.text("/pretrained_source/source");
        String folder = arguments.text("/pretrained");
        String name = folder.substring(Math.max(folder.lastIndexOf('/'), folder.lastIndexOf('\\')) + 1);
        return source.isEmpty() ? name : name + " (" + source + ")";
    }

    private static String machine(Arguments arguments) {
        String threads = arguments.text("/hardware/threads");
        String cores = arguments.text("/hardware/cores");
        return Stream.of(
                        arguments.text("/hardware/gpu"),
                        arguments.text("/hardware/cpu"),
                        threads.isEmpty() ? "" : threads + " threads of " + cores + " cores",
                        arguments.text("/hardware/os"))
                .filter(part -> !part.isEmpty())
                .collect(Collectors.joining(", "));
    }

    private static String training(History history) {
        if (history.steps().isEmpty()) {
            return "";
        }
        String epochs = String.format(Locale.ROOT, "%.2f", history.lastEpoch()).replaceAll("\\.?0+$", "");
        String done = Text.count(history.lastStep(), "step") + " in " + epochs + " epochs";
        if (history.end() == null) {
            return done;
        }
        return done + ", " + Format.duration(history.end().seconds())
                + (Double.isNaN(history.end().sentencesPerSecond())
                        ? ""
                        : ", " + Format.decimal(history.end().sentencesPerSecond()) + " sentences/s")
                + (history.end().stoppedEarly() ? ", stopped early" : "");
    }

    private static void add(List<Entry> facts, String name, String value) {
        if (!value.isEmpty()) {
            facts.add(new Entry(name, value));
        }
    }
}
