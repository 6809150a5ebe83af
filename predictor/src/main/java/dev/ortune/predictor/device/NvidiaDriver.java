package dev.ortune.predictor.device;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * NVIDIA's driver and its GPUs, as nvidia-smi tells; where that is missing, as the kernel's files do.
 *
 * @param version the driver's, or null without one
 * @param gpus those that this process may use
 * @param hidden how many it may not
 */
record NvidiaDriver(String version, List<Gpu> gpus, int hidden) {
    private static final NvidiaDriver NONE = new NvidiaDriver(null, List.of(), 0);
    private static final String QUERY = "--query-gpu=index,uuid,name,memory.total,driver_version";
    private static final int TIMEOUT_SECONDS = 20;
    private static final Pattern KERNEL_MODULE = Pattern.compile("Kernel Module.*?\\s([0-9]+\\.[0-9.]+)\\s");
    private static final Pattern UUID = Pattern.compile("(?m)^GPU UUID:\\s*(\\S+)\\s*$");
    private static final Pattern MODEL = Pattern.compile("(?m)^Model:\\s*(.*\\S)\\s*$");

    /** Of a system whose files are under {@code root}. */
    static NvidiaDriver of(Path root, Map<String, String> environment) {
        String answer = nvidiaSmi(environment);
        NvidiaDriver told = parse(answer);
        NvidiaDriver driver = told.version == null ? ofKernel(root) : told;
        List<Gpu> visible = VisibleGpus.of(driver.gpus, environment);
        return new NvidiaDriver(driver.version, visible, Math.max(0, driver.gpus.size() - visible.size()));
    }

    /** One GPU a line, comma-separated: index, UUID, name, memory in MiB, driver version. */
    static NvidiaDriver parse(String csv) {
        List<Gpu> gpus = new ArrayList<>();
        String version = null;
        for (String line : csv.lines().toList()) {
            String[] cells = line.split("\\s*,\\s*", -1);
            if (cells.length == 5 && cells[0].matches("\\d{1,3}")) {
                long memory = cells[3].matches("\\d{1,9}") ? Long.parseLong(cells[3]) << 20 : 0;
                gpus.add(new Gpu(Integer.parseInt(cells[0]), cells[1], cells[2], memory));
                version = cells[4].strip();
            }
        }
        return new NvidiaDriver(version, gpus, 0);
    }

    private static String nvidiaSmi(Map<String, String> environment) {
        for (String folder : environment.getOrDefault("PATH", "").split(File.pathSeparator, -1)) {
            File program = new File(folder, "nvidia-smi");
            if (!folder.isEmpty() && program.canExecute() && program.isFile()) {
                return output(program);
            }
        }
        return "";
    }

    private static String output(File program) {
        try {
            Process process = new ProcessBuilder(program.getPath(), QUERY, "--format=csv,noheader,nounits")
                    .redirectErrorStream(true)
                    .start();
            process.getOutputStream().close();
            if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return "";
            }
            return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "";
        }
    }

    private static NvidiaDriver ofKernel(Path root) {
        Path folder = root.resolve("proc/driver/nvidia");
        Matcher version = KERNEL_MODULE.matcher(text(folder.resolve("version")));
        if (!version.find()) {
            return NONE;
        }
        List<Gpu> gpus = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder.resolve("gpus"))) {
            for (Path gpu : files.sorted().toList()) {
                String information = text(gpu.resolve("information"));
                gpus.add(
                        new Gpu(gpus.size(), found(UUID, information, ""), found(MODEL, information, "NVIDIA GPU"), 0));
            }
        } catch (IOException none) {
            return new NvidiaDriver(version.group(1), List.of(), 0);
        }
        return new NvidiaDriver(version.group(1), gpus, 0);
    }

    private static String found(Pattern pattern, String text, String otherwise) {
        Matcher matcher = pattern.matcher(text);
        return matcher.find() ? matcher.group(1) : otherwise;
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException none) {
            return "";
        }
    }
}
