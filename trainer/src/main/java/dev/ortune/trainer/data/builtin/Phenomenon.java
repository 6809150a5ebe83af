package dev.ortune.trainer.data.builtin;

import java.util.List;
import java.util.stream.Stream;

/**
 * One thing that makes English sentences acceptable or not, as the templates that show it.
 *
 * @param name what {@code Example.source} says
 * @param templates the templates of all parts
 */
record Phenomenon(String name, List<Template> templates) {
    Phenomenon(String name) {
        this(name, List.of());
    }

    /** With one more template to train on. */
    Phenomenon train(String... lines) {
        return with(Split.TRAIN, lines);
    }

    Phenomenon validation(String... lines) {
        return with(Split.VALIDATION, lines);
    }

    Phenomenon test(String... lines) {
        return with(Split.TEST, lines);
    }

    List<Template> templates(Split split) {
        return templates.stream().filter(t -> t.split() == split).toList();
    }

    private Phenomenon with(Split split, String... lines) {
        Stream<Template> more = Stream.of(new Template(split, List.of(lines)));
        return new Phenomenon(name, Stream.concat(templates.stream(), more).toList());
    }
}
