package dev.ortune.predictor.device;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.ortune.predictor.OrtuneException;
import java.nio.file.Path;
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

    /** Loads ONNX Runtime's libraries, which are the same on each device. */
    public static void preload() {
        OrtLibraries.of(System.getenv()).use();
        OrtEnvironment.getEnvironment();
    }

    /**
     * The device to use on this machine. To be called before ONNX Runtime's first use, since it says which native libraries
     * that loads.
     *
     * @param memoryLimit bytes of a GPU's memory for each model; 0 for all there are
     * @throws OrtuneException when a GPU is asked for that cannot be used; says what to install
     */
    public Device device(long memoryLimit) {
        OrtLibraries libraries = OrtLibraries.of(System.getenv());
        libraries.use();
        return kind == Kind.CPU
                ? new Device.Cpu("as asked for")
                : device(NvidiaDriver.of(Path.of("/"), System.getenv()), libraries.hasCuda(), memoryLimit);
    }

    /** The same; what can be looked up comes first, since ONNX Runtime unpacks 600 MB to try. */
    Device device(NvidiaDriver driver, boolean hasProvider, long memoryLimit) {
        if (driver.version() == null) {
            return without("no NVIDIA driver", "install NVIDIA's driver, version 525 or newer; 580 for CUDA 13");
        }
        if (driver.gpus().isEmpty() && driver.hidden() > 0) {
            return without(VisibleGpus.VARIABLE + " hides all GPUs", "let it name one, or unset it");
        }
        if (driver.gpus().isEmpty()) {
            return without("no NVIDIA GPU", "see what nvidia-smi says");
        }
        if (!hasProvider) {
            return without(
                    "no GPU build of ONNX Runtime",
                    "build with ORTUNE_PROFILE=cuda, or let " + OrtLibraries.FOLDER_VARIABLE + " name a folder with "
                            + OrtLibraries.CUDA_PROVIDER);
        }
        Optional<Gpu> gpu =
                driver.gpus().stream().filter(one -> one.index() == index).findFirst();
        return gpu.map(found -> tried(new CudaDevice(found, memoryLimit)))
                .orElseThrow(() -> new OrtuneException("--device " + this + ": there is no such GPU, but "
                        + driver.gpus().size() + ", counted from 0"));
    }

    /** ONNX Runtime knows best which libraries it needs, and whether the driver is new enough for them. */
    private Device tried(CudaDevice device) {
        OrtEnvironment.getEnvironment();
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            device.addTo(options);
            return device;
        } catch (OrtException e) {
            CudaFailure failure = CudaFailure.of(String.valueOf(e.getMessage()));
            return without(failure.what(), failure.remedy());
        }
    }

    private Device without(String what, String remedy) {
        if (kind == Kind.CUDA) {
            throw new OrtuneException("--device " + this + ": " + what + "; " + remedy);
        }
        return new Device.Cpu("no GPU: " + what);
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
