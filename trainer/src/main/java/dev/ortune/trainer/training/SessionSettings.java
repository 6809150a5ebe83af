package dev.ortune.trainer.training;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.runtime.Device;

/**
 * How a training session runs.
 *
 * @param threads CPU threads within an operator; 0 for one a core
 * @param seed of dropout
 * @param device where the graphs run
 * @param lossScale the course of the loss's scale, where it is scaled
 */
public record SessionSettings(int threads, long seed, Device device, LossScale.Settings lossScale) {
    public SessionSettings {
        if (threads < 0) {
            throw new OrtuneException("threads must not be negative: " + threads);
        }
    }

    /** On a device. */
    public SessionSettings(int threads, long seed, Device device) {
        this(threads, seed, device, LossScale.Settings.DEFAULT);
    }

    /** On the CPU. */
    public SessionSettings(int threads, long seed) {
        this(threads, seed, Device.CPU);
    }

    /** The number of threads, the default resolved. */
    public int actualThreads() {
        return threads > 0 ? threads : Runtime.getRuntime().availableProcessors();
    }

    /** Fresh options for a session of ONNX Runtime, to be closed by the caller. */
    OrtSession.SessionOptions sessionOptions() throws OrtException {
        OrtSession.SessionOptions options = new OrtSession.SessionOptions();
        options.setIntraOpNumThreads(actualThreads());
        // Threads that spin while they wait take the cores from whatever else runs: twice the time on a busy machine.
        options.addConfigEntry("session.intra_op.allow_spinning", "0");
        // Its errors come as exceptions, and from there in one line.
        options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
        device.addTo(options);
        return options;
    }
}
