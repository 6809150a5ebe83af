package dev.ortune.server.cli;

import dev.ortune.predictor.OrtuneException;
import java.util.function.Supplier;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Makes a failure to validate an option's value an error of usage, which exits with 2. */
final class Usage {
    private Usage() {}

    static <T> T check(CommandSpec spec, Supplier<T> arguments) {
        try {
            return arguments.get();
        } catch (OrtuneException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }
}
