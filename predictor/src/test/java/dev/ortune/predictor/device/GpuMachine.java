package dev.ortune.predictor.device;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** A machine that looks from outside as if it had two GPUs: a stand-in for nvidia-smi tells so. */
public record GpuMachine(Path root) {
    /** One whose files are under {@code root}. */
    public static GpuMachine in(Path root) throws IOException {
        GpuMachine machine = new GpuMachine(root);
        Files.createDirectories(root.resolve("bin"));
        machine.nvidiaSmi("0, GPU-1f, NVIDIA H200, 143771, 580.65.06\n1, GPU-2e, NVIDIA L4, 23034, 580.65.06");
        return machine;
    }

    /** Has nvidia-smi answer that. */
    public void nvidiaSmi(String answer) throws IOException {
        Path file = root.resolve("bin/nvidia-smi");
        Files.writeString(file, "#!/bin/sh\n/bin/cat <<'END'\n" + answer + "\nEND\n");
        if (!file.toFile().setExecutable(true)) {
            throw new IOException(file + " cannot be made executable");
        }
    }

    /** Variables that lead there. */
    public Map<String, String> environment() {
        return Map.of("PATH", "/nowhere:" + root.resolve("bin"));
    }
}
