package dev.ortune.trainer.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** The options that somebody gave, in a form that can be parsed again; those of an {@code @file} are among them. */
final class GivenOptions {
    private GivenOptions() {}

    /** All but those of the given names. */
    static List<String> of(ParseResult parsed, Set<String> without) {
        List<String> options = new ArrayList<>();
        for (OptionSpec option : parsed.matchedOptions()) {
            if (!without.contains(option.longestName())) {
                boolean flag = option.arity().max() == 0;
                for (String value : flag ? List.of("") : option.originalStringValues()) {
                    options.add(flag ? option.longestName() : option.longestName() + "=" + value);
                }
            }
        }
        return options;
    }
}
