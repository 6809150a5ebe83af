package dev.ortune.trainer.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * What a run runs on.
 *
 * @param cpu the processor's name, or its architecture where the system does not tell
 * @param cores processors that this process may use
 * @param os name, version and architecture
 */
public record Hardware(String cpu, int cores, String os) {
    private static final Path LINUX = Path.of("/proc/cpuinfo");

    /** This machine. */
    public static Hardware current() {
        String architecture = System.getProperty("os.arch");
        String os = System.getProperty("os.name") + " " + System.getProperty("os.version") + " " + architecture;
        return new Hardware(cpu(LINUX, architecture), Runtime.getRuntime().availableProcessors(), os);
    }

    /** For people: the processor and how many threads of it are used. */
    public String withThreads(int threads) {
        return "CPU " + cpu + ", " + threads + (threads == 1 ? " thread of " : " threads of ") + cores
                + (cores == 1 ? " core" : " cores");
    }

    static String cpu(Path cpuinfo, String architecture) {
        try (Stream<String> lines = Files.lines(cpuinfo)) {
            return lines.filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .filter(name -> !name.isEmpty())
                    .findFirst()
                    .orElse(architecture);
        } catch (IOException | UncheckedIOException notLinux) {
            return architecture;
        }
    }
}
