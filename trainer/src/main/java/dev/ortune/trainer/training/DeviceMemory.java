package dev.ortune.trainer.training;

import ai.onnxruntime.OrtException;
import dev.ortune.trainer.data.Batch;
import java.util.Locale;
import java.util.function.Predicate;

/** What to say when memory runs out in ONNX Runtime: which batch would have fitted. */
final class DeviceMemory {
    private DeviceMemory() {}

    /** Whether ONNX Runtime failed for want of memory, its own limit's included. */
    static boolean ranOut(OrtException e) {
        String message = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
        return message.contains("failed to allocate memory")
                || message.contains("out of memory")
                || message.contains("available memory of")
                || message.contains("cublas_status_alloc_failed");
    }

    /**
     * The error, with a batch that fits: halves of it are tried until one does.
     *
     * @param memory whose it is, for the message
     * @param runs tries a batch and says whether it went through
     */
    static BatchTooLargeException error(String memory, Batch batch, Predicate<Batch> runs, OrtException cause) {
        String what = memory + " ran out on a batch of " + batch.size() + " x " + batch.length() + " tokens; ";
        for (int size = batch.size() / 2; size > 0; size /= 2) {
            if (runs.test(batch.first(size))) {
                return new BatchTooLargeException(what + size + " fit", size, cause);
            }
        }
        return new BatchTooLargeException(
                what + "not even one sentence of it fits: try a lower --max-length or a smaller model", 0, cause);
    }
}
