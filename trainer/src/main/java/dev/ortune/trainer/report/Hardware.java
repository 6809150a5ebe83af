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
 * @param gpu the GPU that is used, or null
 * @param whyNoGpu why none is used though any would have been, or null
 */
public record Hardware(String cpu, int cores, String os, String gpu, String whyNoGpu) {
    private static final Path LINUX = Path.of("/proc/cpuinfo");

    /** A machine whose processor is used alone. */
    public Hardware(String cpu, int cores, String os) {
        this(cpu, cores, os, null, null);
    }

    /** The same machine with a GPU, or with a reason for none; either may be null. */
    public Hardware with(String usedGpu, String reason) {
        return new Hardware(cpu, cores, os, usedGpu, reason);
    }

    /** This machine. */
    public static Hardware current() {
        String architecture = System.getProperty("os.arch");
        String os = System.getProperty("os.name") + " " + System.getProperty("os.version") + " " + architecture;
        return new Hardware(cpu(LINUX, architecture), Runtime.getRuntime().availableProcessors(), os);
    }

    /** For people: the processor and how many threads of it are used. */
    public String withThreads(int threads) {
        String processor = "CPU " + cpu + ", " + threads + (threads == 1 ? " thread of " : " threads of ") + cores
                + (cores == 1 ? " core" : " cores");
        return (gpu == null ? "" : "GPU " + gpu + "; ")
                + processor
                + (whyNoGpu == null ? "" : " (no GPU: " + whyNoGpu + ")");
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
