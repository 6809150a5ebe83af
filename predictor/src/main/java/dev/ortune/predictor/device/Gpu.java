package dev.ortune.predictor.device;

/**
 * One NVIDIA GPU, as nvidia-smi describes it.
 *
 * @param index as CUDA counts, which leaves out those that {@code CUDA_VISIBLE_DEVICES} hides
 * @param uuid by which it is known on every machine; empty where it is not known
 * @param name the model's name
 * @param memory bytes; 0 where they are not known
 */
public record Gpu(int index, String uuid, String name, long memory) {
    @Override
    public String toString() {
        return name + (memory == 0 ? "" : ", " + Math.round(memory / (double) (1L << 30)) + " GiB");
    }
}
