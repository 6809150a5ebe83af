package dev.ortune.trainer.cli;

import dev.ortune.trainer.OrtuneException;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/** Makes a failure to validate an option's value an error of usage, which exits with 2. */
final class Usage {
    private Usage() {}

    /** Fails when one of these options, without which nothing can be done, was not given. */
    static void require(CommandSpec spec, String... options) {
        List<ArgSpec> missing = Arrays.stream(options)
                .map(spec::findOption)
                .filter(option -> option.getValue() == null)
                .map(ArgSpec.class::cast)
                .toList();
        if (!missing.isEmpty()) {
            String names = missing.stream()
                    .map(option -> "'" + ((OptionSpec) option).longestName() + "=" + option.paramLabel() + "'")
                    .collect(Collectors.joining(", "));
            throw new MissingParameterException(
                    spec.commandLine(),
                    missing,
                    (missing.size() == 1 ? "Missing required option: " : "Missing required options: ") + names);
        }
    }

    static <T> T check(CommandSpec spec, Supplier<T> arguments) {
        try {
            return arguments.get();
        } catch (OrtuneException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }
}
