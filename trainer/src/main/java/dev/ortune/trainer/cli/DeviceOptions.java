package dev.ortune.trainer.cli;

import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.artifacts.Precision;
import dev.ortune.trainer.runtime.CudaDevice;
import dev.ortune.trainer.runtime.CudaInstallation;
import dev.ortune.trainer.runtime.DeviceChoice;
import dev.ortune.trainer.runtime.Gpu;
import dev.ortune.trainer.training.Execution;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** On what and in which numbers to compute. Every default of it is here. */
final class DeviceOptions {
    private static final String AUTO = "auto";

    @Option(
            names = "--device",
            paramLabel = "DEVICE",
            description = "auto, cpu, cuda or cuda:N; auto takes a GPU where one can be used"
                    + " (default: ${DEFAULT-VALUE}).")
    private String device = AUTO;

    @Option(
            names = "--devices",
            paramLabel = "N,N",
            hidden = true,
            description = "Several GPUs at once, which is not there.")
    private String devices;

    @Option(
            names = "--precision",
            paramLabel = "NAME",
            description =
                    "fp32, tf32, fp16, bf16 or auto: fp16 on a GPU, fp32 on the CPU" + " (default: ${DEFAULT-VALUE}).")
    private String precision = AUTO;

    @Option(
            names = "--gpu-memory-limit",
            paramLabel = "GIB",
            description = "The most memory to take of the GPU (default: all).")
    private double memoryLimit;

    @Option(
            names = "--gpu-arena",
            paramLabel = "NAME",
            description = "How its memory grows: power-of-two, or same-as-requested, which wastes less"
                    + " (default: ${DEFAULT-VALUE}).")
    private CudaDevice.Arena arena = CudaDevice.Arena.POWER_OF_TWO;

    /**
     * Looks at the machine and decides.
     *
     * @throws OrtuneException when a GPU is asked for that cannot be used, or it lacks the precision
     */
    Execution execution(CommandSpec spec) {
        DeviceChoice choice = Usage.check(spec, this::choice);
        Precision chosen = Usage.check(spec, this::precision).orElse(null);
        return execution(choice, chosen, Math.round(memoryLimit * (1L << 30)), arena);
    }

    /** The same with every other option at its default. */
    static Execution execution(DeviceChoice choice) {
        return execution(choice, null, 0, CudaDevice.Arena.POWER_OF_TWO);
    }

    private static Execution execution(
            DeviceChoice choice, Precision precision, long memoryLimit, CudaDevice.Arena arena) {
        if (choice.kind() == DeviceChoice.Kind.CPU) {
            return Execution.onCpu(precision, null);
        }
        CudaInstallation installation = CudaInstallation.current();
        Optional<Gpu> gpu = choice.gpu(installation);
        return gpu.isPresent()
                ? Execution.on(gpu.get(), precision, memoryLimit, arena)
                : Execution.onCpu(
                        precision,
                        installation
                                .missing()
                                .map(CudaInstallation.Missing::what)
                                .orElse(null));
    }

    private DeviceChoice choice() {
        if (devices != null) {
            throw new OrtuneException(
                    "--devices: training on several GPUs at once is not there;" + " --device cuda:N takes one of them");
        }
        if (!(memoryLimit >= 0 && memoryLimit < 1e6)) {
            throw new OrtuneException("--gpu-memory-limit must be a number of GiB, not " + memoryLimit);
        }
        return DeviceChoice.parse(device);
    }

    private Optional<Precision> precision() {
        if (precision.equals(AUTO)) {
            return Optional.empty();
        }
        List<Precision> all = Arrays.asList(Precision.values());
        return Optional.of(all.stream()
                .filter(one -> one.toString().equals(precision.toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> new OrtuneException(
                        "--precision must be auto, fp32, tf32, fp16 or bf16, not '" + precision + "'")));
    }
}
