package dev.ortune.trainer.runtime;

import dev.ortune.trainer.OrtuneException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What {@code --device} asks for.
 *
 * @param kind a device, or whatever there is
 * @param index of the GPU
 */
public record DeviceChoice(Kind kind, int index) {
    /** What is asked for. */
    public enum Kind {
        /** A GPU where one can be used, else the CPU. */
        AUTO,
        /** The CPU. */
        CPU,
        /** That GPU or none. */
        CUDA
    }

    private static final Pattern WORDS = Pattern.compile("auto|cpu|cuda(?::(\\d{1,3}))?");

    /** Reads {@code auto}, {@code cpu}, {@code cuda} or {@code cuda:N}. */
    public static DeviceChoice parse(String text) {
        Matcher matcher = WORDS.matcher(text);
        if (!matcher.matches()) {
            throw new OrtuneException("--device must be auto, cpu, cuda or cuda:N, not '" + text + "'");
        }
        return switch (text) {
            case "auto" -> new DeviceChoice(Kind.AUTO, 0);
            case "cpu" -> new DeviceChoice(Kind.CPU, 0);
            default -> new DeviceChoice(Kind.CUDA, matcher.group(1) == null ? 0 : Integer.parseInt(matcher.group(1)));
        };
    }

    /**
     * The GPU to use; nothing for the CPU.
     *
     * @throws OrtuneException when one is asked for that cannot be used; says what to install
     */
    public Optional<Gpu> gpu(CudaInstallation installation) {
        if (kind == Kind.CPU || (kind == Kind.AUTO && installation.missing().isPresent())) {
            return Optional.empty();
        }
        installation.missing().ifPresent(missing -> {
            throw new OrtuneException("--device " + this + ": " + missing.what() + "; " + missing.remedy());
        });
        return Optional.of(installation.gpus().stream()
                .filter(gpu -> gpu.index() == index)
                .findFirst()
                .orElseThrow(() -> new OrtuneException("--device " + this + ": there is no such GPU, but "
                        + installation.gpus().size() + ", counted from 0")));
    }

    @Override
    public String toString() {
        return switch (kind) {
            case AUTO -> "auto";
            case CPU -> "cpu";
            case CUDA -> "cuda:" + index;
        };
    }
}
