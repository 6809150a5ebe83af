package dev.ortune.trainer.cli;

import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.sweep.TrainOptions;
import dev.ortune.trainer.training.OnNan;
import dev.ortune.trainer.training.Pause;
import dev.ortune.trainer.training.RunArguments;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/** The parser of {@code ortune train} itself, asked about runs that are to be: what it takes, these will take. */
final class TrainParser implements TrainOptions {
    private static final Set<Class<?>> WHOLE = Set.of(int.class, Integer.class, long.class, Long.class);

    /** What only the machine that trains can tell. */
    private static final List<String> OF_THE_MACHINE = List.of("--device", "--gpu-");

    private final boolean elsewhere;
    private final CommandLine train = Ortune.withChoices(new CommandLine(new TrainCommand()));

    /** @param elsewhere whether trials run on other machines, whose devices are not known here */
    TrainParser(boolean elsewhere) {
        this.elsewhere = elsewhere;
    }

    @Override
    public Optional<Option> named(String name) {
        OptionSpec option =
                name.matches("[a-z0-9][a-z0-9-]*") ? train.getCommandSpec().findOption("--" + name) : null;
        return Optional.ofNullable(option)
                .map(found -> new Option(
                        found.longestName().substring(2), found.arity().max() == 0, WHOLE.contains(found.type())));
    }

    @Override
    public Optional<String> wrong(List<String> words) {
        List<String> all = new ArrayList<>(words);
        if (elsewhere) {
            all.removeIf(word -> OF_THE_MACHINE.stream().anyMatch(word::startsWith));
            all.add("--device=cpu");
        }
        all.add("--out=trial");
        TrainCommand command = new TrainCommand();
        try {
            Ortune.withChoices(new CommandLine(command)).parseArgs(all.toArray(String[]::new));
            command.run(new RunArguments(0, OnNan.STOP, 0, null, false, Pause.NEVER, List.of()));
            return Optional.empty();
        } catch (ParameterException | OrtuneException e) {
            return Optional.of(e.getMessage());
        }
    }
}
