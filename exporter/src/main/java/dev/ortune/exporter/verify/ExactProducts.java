package dev.ortune.exporter.verify;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Set;

/**
 * Products of 8-bit integers without overflow. x86 processors without a dot product of them add pairs in 16 bits, which
 * unsigned activations and signed weights may overflow; ONNX Runtime then computes with unsigned weights where a session asks for
 * it. It would on processors with such a dot product, too, where that takes 1.5 to 1.7 times as long and changes nothing.
 */
final class ExactProducts {
    private static final String ASKED_FOR = "session.x64quantprecision";
    private static final Set<String> X86 = Set.of("amd64", "x86_64");
    private static final Set<String> DOT_PRODUCTS = Set.of("avx_vnni", "avx512_vnni");

    private ExactProducts() {}

    /** Asks for them where this processor needs it. */
    static void addTo(OrtSession.SessionOptions options) throws OrtException {
        if (mayOverflow(Processor.LINUX, System.getProperty("os.arch"))) {
            options.addConfigEntry(ASKED_FOR, "1");
        }
    }

    /**
     * Whether products may overflow; so where the system does not tell.
     *
     * @param cpuinfo as Linux has it
     * @param architecture as {@code os.arch} has it
     */
    static boolean mayOverflow(Path cpuinfo, String architecture) {
        List<String> instructions =
                List.of(Processor.of(cpuinfo, architecture).instructions().split(" "));
        return X86.contains(architecture) && Collections.disjoint(instructions, DOT_PRODUCTS);
    }
}
