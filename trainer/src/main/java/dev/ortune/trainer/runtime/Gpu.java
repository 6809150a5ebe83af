package dev.ortune.trainer.runtime;

/**
 * One NVIDIA GPU, as nvidia-smi describes it.
 *
 * @param index as nvidia-smi counts
 * @param name the model's name
 * @param memory bytes
 * @param computeCapability times ten, e.g. 90 for Hopper; 0 where it is not known
 */
public record Gpu(int index, String name, long memory, int computeCapability) {
    /** Since Ampere, GPUs compute in bfloat16 and TF32. */
    public boolean hasBf16AndTf32() {
        return computeCapability == 0 || computeCapability >= 80;
    }

    @Override
    public String toString() {
        long gib = Math.round(memory / (double) (1L << 30));
        String capability = computeCapability == 0
                ? ""
                : ", compute capability " + computeCapability / 10 + "." + computeCapability % 10;
        return name + (memory == 0 ? "" : ", " + gib + " GiB") + capability;
    }
}
