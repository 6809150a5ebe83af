package dev.ortune.predictor.device;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which of a machine's GPUs CUDA shows to this process, and so ONNX Runtime's numbers for them. The variable names them by
 * number or by the beginning of their UUIDs; what comes after a name that is none does not count (CUDA Programming Guide,
 * "CUDA Environment Variables"). Numbers are taken as nvidia-smi's, by the bus; CUDA's may be others where a machine has
 * several models of GPU and {@code CUDA_DEVICE_ORDER} is not {@code PCI_BUS_ID}.
 */
final class VisibleGpus {
    static final String VARIABLE = "CUDA_VISIBLE_DEVICES";

    private VisibleGpus() {}

    /** Of all that there are those that an environment shows, in its order. */
    static List<Gpu> of(List<Gpu> all, Map<String, String> environment) {
        String names = environment.get(VARIABLE);
        if (names == null) {
            return all;
        }
        List<Gpu> visible = new ArrayList<>();
        for (String name : names.split(",", -1)) {
            Optional<Gpu> gpu = named(all, name.strip());
            if (gpu.isEmpty()) {
                break;
            }
            Gpu found = gpu.get();
            visible.add(new Gpu(visible.size(), found.uuid(), found.name(), found.memory()));
        }
        return visible;
    }

    private static Optional<Gpu> named(List<Gpu> all, String name) {
        if (name.startsWith("MIG-")) {
            return Optional.of(new Gpu(0, name, "a part of an NVIDIA GPU", 0));
        }
        return all.stream()
                .filter(gpu -> name.startsWith("GPU-")
                        ? gpu.uuid().startsWith(name)
                        : String.valueOf(gpu.index()).equals(name))
                .findFirst();
    }
}
