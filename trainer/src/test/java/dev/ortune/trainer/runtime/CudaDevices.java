package dev.ortune.trainer.runtime;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Optional;

/** The GPU for tests that need one. */
public final class CudaDevices {
    private CudaDevices() {}

    /** The first GPU; a test that asks for it is skipped with the reason where none can be used. */
    public static Device required() {
        Optional<CudaInstallation.Missing> missing = CudaInstallation.current().missing();
        assumeTrue(
                missing.isEmpty(), () -> "needs a GPU: " + missing.orElseThrow().what());
        return first();
    }

    /** The first GPU, float32 unrounded. */
    static Device first() {
        return new CudaDevice(0, 0, CudaDevice.Arena.POWER_OF_TWO, false);
    }
}
