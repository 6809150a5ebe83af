package dev.ortune.trainer.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.training.StopRequest;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;

class OrtuneTest {
    @Test
    void withoutACommandItPrintsWhatThereIs() {
        Cli cli = Cli.run();
        assertThat(cli.exit()).isZero();
        assertThat(cli.out()).contains("quickstart", "pull", "inspect", "train", "evaluate", "artifacts");
        assertThat(cli.err()).isEmpty();
    }

    @Test
    void theVersionIsPrinted() {
        Cli cli = Cli.run("--version");
        assertThat(cli.exit()).isZero();
        assertThat(cli.out()).startsWith("ortune ").contains("Java ");
    }

    @Test
    void anUnknownCommandIsAUsageErrorWithAHint() {
        Cli cli = Cli.run("trian");
        assertThat(cli.exit()).isEqualTo(2);
        assertThat(cli.err()).contains("'trian'").contains("Did you mean: ortune train or ortune pretrain?");
        assertThat(cli.out()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"quickstart", "pull", "inspect", "train", "evaluate", "artifacts"})
    void everyCommandHasHelp(String command) {
        Cli cli = Cli.run(command, "--help");
        assertThat(cli.exit()).isZero();
        assertThat(cli.out()).startsWith("Usage: ortune " + command).contains("--verbose");
    }

    @Test
    void aFailureIsOneLineAndExitCode1() {
        Cli cli = fails(new OrtuneException("file:\n  broken"));
        assertThat(cli.exit()).isEqualTo(1);
        assertThat(cli.err()).isEqualTo("ortune: file: broken" + System.lineSeparator());
    }

    @Test
    void verboseAddsTheStackTrace() {
        Cli cli = fails(new OrtuneException("file: broken"), "--verbose");
        assertThat(cli.err()).startsWith("ortune: file: broken").contains("at dev.ortune.trainer.cli.OrtuneTest");
    }

    @Test
    void whatNobodyExpectedIsOneLineToo() {
        Cli cli = fails(new IllegalStateException("odd"));
        assertThat(cli.exit()).isEqualTo(1);
        assertThat(cli.err())
                .isEqualTo("ortune: unexpected IllegalStateException: odd; run it again with --verbose to see where"
                        + System.lineSeparator());
    }

    @Test
    void errorsOfTheVirtualMachineAreOneLineToo() {
        for (Error error : List.of(
                new OutOfMemoryError("Java heap space"), new StackOverflowError(), new UnsatisfiedLinkError("x.so"))) {
            Cli cli = fails(error);
            assertThat(cli.exit()).isEqualTo(1);
            assertThat(cli.err().lines()).hasSize(1);
        }
        assertThat(fails(new OutOfMemoryError("Java heap space")).err()).contains("-Xmx8g", "--batch-size");
        assertThat(fails(new UnsatisfiedLinkError("x.so")).err()).contains("x.so");
    }

    @Test
    void stoppingIsExitCode130() {
        StopRequest stop = () -> true;
        StopRequest.Stopped stopped = catchThrowableOfType(StopRequest.Stopped.class, stop::check);
        assertThat(fails(stopped).exit()).isEqualTo(130);
    }

    private static Cli fails(Throwable failure, String... args) {
        StringWriter err = new StringWriter();
        CommandLine commandLine = Ortune.commandLine()
                .addSubcommand("fail", new Failing(failure))
                .setErr(new PrintWriter(err))
                .setExecutionExceptionHandler(new Failures());
        String[] all = new String[args.length + 1];
        System.arraycopy(args, 0, all, 0, args.length);
        all[args.length] = "fail";
        return new Cli(Ortune.run(commandLine, all), "", err.toString());
    }

    @Command(name = "fail")
    private static final class Failing implements Callable<Integer> {
        private final Throwable failure;

        Failing(Throwable failure) {
            this.failure = failure;
        }

        @Override
        public Integer call() throws Exception {
            if (failure instanceof Error error) {
                throw error;
            }
            throw (Exception) failure;
        }
    }
}
