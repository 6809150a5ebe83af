package dev.ortune.server.device;

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

/**
 * NVIDIA's driver and its GPUs, as nvidia-smi tells; where that is missing, as the kernel's files do.
 *
 * @param version the driver's, or null without one
 * @param gpus those there are
 */
record NvidiaDriver(String version, List<Gpu> gpus) {
    private static final NvidiaDriver NONE = new NvidiaDriver(null, List.of());
    private static final String QUERY = "--query-gpu=index,name,memory.total,driver_version";
    private static final int TIMEOUT_SECONDS = 20;
    private static final Pattern KERNEL_MODULE = Pattern.compile("Kernel Module.*?\\s([0-9]+\\.[0-9.]+)\\s");
    private static final Pattern MODEL = Pattern.compile("(?m)^Model:\\s*(.*\\S)\\s*$");

    /** Of a system whose files are under {@code root}. */
    static NvidiaDriver of(Path root, Map<String, String> environment) {
        String answer = nvidiaSmi(environment);
        NvidiaDriver told = parse(answer);
        return told.version == null ? ofKernel(root) : told;
    }

    /** One GPU a line, comma-separated: index, name, memory in MiB, driver version. */
    static NvidiaDriver parse(String csv) {
        List<Gpu> gpus = new ArrayList<>();
        String version = null;
        for (String line : csv.lines().toList()) {
            String[] cells = line.split("\\s*,\\s*", -1);
            if (cells.length == 4 && cells[0].matches("\\d+")) {
                long memory = cells[2].matches("\\d+") ? Long.parseLong(cells[2]) << 20 : 0;
                gpus.add(new Gpu(Integer.parseInt(cells[0]), cells[1], memory));
                version = cells[3].strip();
            }
        }
        return new NvidiaDriver(version, gpus);
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
        try (var files = Files.newDirectoryStream(folder.resolve("gpus"))) {
            for (Path gpu : files) {
                Matcher model = MODEL.matcher(text(gpu.resolve("information")));
                gpus.add(new Gpu(gpus.size(), model.find() ? model.group(1) : "NVIDIA GPU", 0));
            }
        } catch (IOException none) {
            return new NvidiaDriver(version.group(1), List.of());
        }
        return new NvidiaDriver(version.group(1), gpus);
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException none) {
            return "";
        }
    }
}
