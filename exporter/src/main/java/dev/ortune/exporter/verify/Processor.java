package dev.ortune.exporter.verify;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What multiplies 8-bit integers here.
 *
 * @param name the model, e.g. {@code AMD EPYC}, or the architecture where the system does not tell
 * @param instructions those that matter for 8-bit products, as Linux calls them, e.g. {@code avx2 avx512_vnni}; empty where
 *     the system does not tell
 */
public record Processor(String name, String instructions) {
    /** Where Linux says what there is. */
    static final Path LINUX = Path.of("/proc/cpuinfo");

    /** x86's from the narrowest on, then Arm's. */
    private static final List<String> TELLING =
            List.of("avx2", "avx512bw", "avx_vnni", "avx512_vnni", "amx_int8", "asimddp", "i8mm");

    /** This machine's first. */
    public static Processor here() {
        return of(LINUX, System.getProperty("os.arch"));
    }

    static Processor of(Path cpuinfo, String architecture) {
        try {
            List<String> lines = Files.exists(cpuinfo) ? Files.readAllLines(cpuinfo) : List.of();
            String name = value(lines, "model name");
            String flags = value(lines, "flags") + value(lines, "Features");
            Set<String> known = new HashSet<>(List.of(flags.split(" ")));
            return new Processor(
                    name.isEmpty() ? architecture : name,
                    TELLING.stream().filter(known::contains).collect(Collectors.joining(" ")));
        } catch (IOException e) {
            // What the processor is called is said for information alone.
            return new Processor(architecture, "");
        }
    }

    private static String value(List<String> lines, String key) {
        return lines.stream()
                .filter(line -> line.startsWith(key) && line.contains(":"))
                .map(line -> line.substring(line.indexOf(':') + 1).trim())
                .findFirst()
                .orElse("");
    }
}
